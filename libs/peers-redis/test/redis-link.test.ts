import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBinary, skipUnless } from '@kith/testing';
import { openRedisLink } from '../src/link/redis-link.ts';
import { quietLog } from './quiet-log.ts';
import { startRedis } from './redis-server.ts';

const skip = skipUnless(hasBinary('redis-server'), 'no redis-server');

test('what was sent is not sent again, whatever the error says', { skip }, async (t) => {
  const redis = await startRedis(t);
  const link = await openRedisLink({ url: redis.url, log: quietLog });
  t.after(() => link.close());
  const cause = new Error("Stream isn't writeable and enableOfflineQueue options is false");
  const work = link.use(async (client) => {
    await client.incr('counted');
    throw cause;
  });
  await assert.rejects(work, (error: Error) => error.cause === cause);
  assert.equal(redis.cli('GET', 'counted').trim(), '1');
});

test('what could not be sent is tried again once the connection is back', { skip }, async (t) => {
  const redis = await startRedis(t);
  const link = await openRedisLink({ url: redis.url, log: quietLog });
  t.after(() => link.close());
  let tries = 0;
  const answer = await link.use((client) => {
    tries += 1;
    // The socket is gone before the client has noticed.
    if (tries === 1) (client as unknown as { stream: { end(): void; destroy(): void } }).stream.destroy();
    return client.ping();
  });
  assert.deepEqual([answer, tries], ['PONG', 2]);
});
