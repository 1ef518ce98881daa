import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '@kith/wire';
import { answered, COMPARISON_MS, KNOCKS_IN_ALL, knock, NO_KNOCKS, shownKnock } from '../../src/index.ts';

const id = (number: number) => String(number).padStart(52, 'a') as NodeId;
const HOUR = 3_600_000;

/** Knocks as [peer, minute]; which of them were shown. */
function shown(knocked: [peer: number, minute: number][]) {
  let knocks = NO_KNOCKS;
  const news = knocked.map(([peer, minute]) => {
    const heard = knock(knocks, id(peer), minute * 60_000);
    knocks = heard.knocks;
    return heard.isNews;
  });
  return { knocks, news };
}

test('one peer is shown three times an hour', () => {
  assert.deepEqual(
    shown([
      [1, 0],
      [1, 5],
      [1, 10],
      [1, 15],
      [1, 59],
      [1, 61],
    ]).news,
    [true, true, true, false, false, true],
  );
});

test('ten an hour in all, however many come', () => {
  const crowd = Array.from({ length: 300 }, (_, n): [number, number] => [n, (n * 55) / 300]);
  const { news, knocks } = shown(crowd);
  assert.equal(news.filter(Boolean).length, KNOCKS_IN_ALL);
  assert.equal(knocks.unshown, 290);
  assert.ok(knocks.past.length <= KNOCKS_IN_ALL);
});

test('one is shown at a time, for as long as the comparison behind it is open', () => {
  const { knocks, news } = shown([
    [1, 0],
    [2, 1],
  ]);
  assert.deepEqual(news, [true, false]);
  assert.equal(shownKnock(knocks, 60_000)?.peer, id(1));
  assert.equal(shownKnock(knocks, COMPARISON_MS), undefined);
  assert.deepEqual(
    shown([
      [1, 0],
      [2, 2],
    ]).news,
    [true, true],
  );
});

test('an answered knock is shown no longer; another peer’s stays', () => {
  const { knocks } = shown([[1, 0]]);
  assert.equal(shownKnock(answered(knocks, id(1)), 1), undefined);
  assert.equal(shownKnock(answered(knocks, id(2)), 1)?.peer, id(1));
  assert.equal(knock(answered(knocks, id(1)), id(2), HOUR).isNews, true);
});
