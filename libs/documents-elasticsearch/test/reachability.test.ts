import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from '@elastic/elasticsearch';
import { createReachability } from '../src/reachability.ts';

const cut = () => Promise.reject(new errors.ConnectionError('connect timeout'));

test('after a call that did not reach the server, the next ones do not try until it answers', async () => {
  let answer: (() => void) | undefined;
  let pings = 0;
  const reached = createReachability(() => {
    pings += 1;
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  });
  let tries = 0;
  const call = () =>
    reached(async () => {
      tries += 1;
      return 'found';
    });
  assert.equal(await call(), 'found');
  await assert.rejects(reached(cut), errors.ConnectionError);
  await Promise.all([assert.rejects(call(), errors.ConnectionError), assert.rejects(call(), errors.ConnectionError)]);
  assert.deepEqual([tries, pings], [1, 1], 'all wait for one question');
  answer?.();
  assert.equal(await call(), 'found');
  assert.equal(await call(), 'found');
  assert.deepEqual([tries, pings], [3, 1]);
});

test('a server that answers with an error is there', async () => {
  const refused = () =>
    Promise.reject(new errors.ResponseError({ statusCode: 503, body: {}, warnings: null, meta: {} as never }));
  const reached = createReachability(refused);
  await assert.rejects(reached(refused), errors.ResponseError);
  await assert.rejects(reached(cut), errors.ConnectionError);
  assert.equal(await reached(async () => 'found'), 'found');
});
