import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, eventually } from '../src/index.ts';

/** Notes pauses, which take no time. */
function clockOf(pauses: number[]): Clock {
  return { now: () => 0, monotonic: () => 0, sleep: async (ms) => void pauses.push(ms) };
}

test('what fails is tried after each pause until it is done', async () => {
  const pauses: number[] = [];
  const { signal } = new AbortController();
  let tries = 0;
  const task = async () => {
    tries += 1;
    assert.equal(pauses.length, tries, 'a pause comes first');
    if (tries < 3) throw new Error('not yet');
  };
  assert.equal(await eventually(task, { intervalMs: 1_000, clock: clockOf(pauses), signal }), true);
  assert.deepEqual([tries, pauses], [3, [1_000, 1_000, 1_000]]);
});

test('an abort ends the tries, with the answer that it was not done', async () => {
  const ending = new AbortController();
  let tries = 0;
  const task = async () => {
    tries += 1;
    ending.abort();
    throw new Error('never');
  };
  const options = { intervalMs: 1_000, clock: clockOf([]), signal: ending.signal };
  assert.equal(await eventually(task, options), false);
  assert.equal(await eventually(task, options), false, 'aborted before');
  assert.equal(tries, 1);
});
