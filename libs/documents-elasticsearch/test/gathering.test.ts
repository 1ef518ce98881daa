import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGathering } from '../src/gathering.ts';

test('keys of the same moment go together, each once, and not too many', async () => {
  const requests: string[][] = [];
  const find = createGathering(async (keys) => {
    requests.push([...keys]);
    return new Map(keys.filter((key) => key !== 'none').map((key) => [key, `found ${key}`]));
  });
  assert.deepEqual(await Promise.all(['a', 'b', 'a', 'none'].map(find)), ['found a', 'found b', 'found a', undefined]);
  assert.equal(await find('a'), 'found a', 'what was answered before is not kept');
  assert.deepEqual(requests, [['a', 'b', 'none'], ['a']]);
  await Promise.all(Array.from({ length: 1_201 }, (_, i) => find(`${i}`)));
  assert.deepEqual(
    requests.slice(2).map((keys) => keys.length),
    [500, 500, 201],
  );
});

test('a failure is told to all who asked, and is over with the next', async () => {
  let fails = true;
  const find = createGathering(async (keys) => {
    if (fails) throw new Error('away');
    return new Map(keys.map((key) => [key, key]));
  });
  const answers = await Promise.allSettled([find('a'), find('b')]);
  assert.ok(answers.every(({ status }) => status === 'rejected'));
  fails = false;
  assert.equal(await find('a'), 'a');
});
