import type { PeerStore, WallClock } from '@kith/membership';
import { newestId } from './events/redis-event-log.ts';
import { createStreamTail, TAIL_SILENCE_MS } from './events/stream-tail.ts';
import { createClient } from './link/connect.ts';
import type { RedisConnectionOptions } from './link/connection-options.ts';
import { createKeys } from './link/keys.ts';
import { openRedisLink } from './link/redis-link.ts';
import { createRedisPeerStore } from './redis-peer-store.ts';

/**
 * The PeerStore that the services of one node share when they run apart. A Redis that is away, at start or later, is
 * looked for again and again; meanwhile every method rejects with `store_away` within 2 s, and followers go on where they
 * stopped once it is back. Rejects with `bad_configuration` where the settings are wrong or Redis refuses them.
 */
export async function openRedisPeerStore(options: RedisConnectionOptions & { clock: WallClock }): Promise<PeerStore> {
  const { clock, log } = options;
  const link = await openRedisLink(options);
  const keys = createKeys(options);
  const tail = (key: string) =>
    createStreamTail({
      key,
      connect: () => createClient(options, TAIL_SILENCE_MS, 'follow'),
      newest: () => newestId(link, key),
      log,
    });
  return createRedisPeerStore({ link, keys, events: tail(keys.events), candidates: tail(keys.candidates), clock, log });
}
