import { randomUUID } from 'node:crypto';
import { peerStoreCompliance } from '@kith/membership/compliance';
import { hasBinary, skipUnless } from '@kith/testing';
import { Redis } from 'ioredis';
import { openRedisPeerStore } from '../src/index.ts';
import { quietLog } from './quiet-log.ts';
import { startRedis } from './redis-server.ts';

const given = process.env.KITH_TEST_REDIS_URL;
const skip = skipUnless(Boolean(given) || hasBinary('redis-server'), 'no redis-server and no KITH_TEST_REDIS_URL');
const clock = { now: () => Date.now() };

peerStoreCompliance(
  'redis',
  async (t) => {
    const url = given ?? (await startRedis(t)).url;
    const keyPrefix = `kith-test-${randomUUID()}`;
    if (given) t.after(() => removeKeys(given, keyPrefix));
    const open = () => openRedisPeerStore({ url, keyPrefix, clock, log: quietLog });
    return { store: await open(), second: open, reopen: open };
  },
  { skip },
);

/** Leaves a Redis that is not the test's own as it was. */
async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  for await (const keys of redis.scanStream({ match: `${prefix}:*` })) {
    if (keys.length > 0) await redis.del(...keys);
  }
  redis.disconnect();
}
