import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimit } from '../src/rate-limit.ts';

test('a rate is refilled with time, for each key on its own, in a bounded table', () => {
  let now = 0;
  const mayPass = createRateLimit({ perSecond: 2, burst: 3, maxKeys: 2, monotonic: () => now });
  assert.deepEqual(
    Array.from({ length: 4 }, () => mayPass('a')),
    [true, true, true, false],
  );
  assert.equal(mayPass('b'), true);
  now = 500;
  assert.deepEqual([mayPass('a'), mayPass('a')], [true, false]);
  // c is the third key: b, quiet for longest, is forgotten; a is not.
  assert.equal(mayPass('c'), true);
  assert.equal(mayPass('a'), false);
});
