import assert from 'node:assert/strict';
import { lookup } from 'node:dns';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createOneLookup } from '../src/one-lookup.ts';

test('a name is asked for once at a time, and again afterwards', async () => {
  let asked = 0;
  const counting = ((host: string, options: object, callback: (...answer: unknown[]) => void) => {
    asked += 1;
    lookup(host, options, callback);
  }) as typeof lookup;
  const ask = promisify(createOneLookup(counting));
  const answers = await Promise.all([1, 2, 3].map(() => ask('127.0.0.1', { all: true })));
  for (const answer of answers) assert.deepEqual(answer, [{ address: '127.0.0.1', family: 4 }]);
  assert.equal(asked, 1);
  assert.equal(await ask('127.0.0.1', {}), '127.0.0.1');
  assert.equal(asked, 2);
});

test('that a name is not known is told to all who ask', async () => {
  const ask = promisify(createOneLookup());
  const answers = await Promise.allSettled([1, 2].map(() => ask('not a name', {})));
  for (const answer of answers) assert.equal(answer.status === 'rejected' && answer.reason.syscall, 'getaddrinfo');
});
