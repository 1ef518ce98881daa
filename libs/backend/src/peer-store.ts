import type { PeerStore } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import { type RedisSettings, redisConnection, redisSettings } from './redis-settings.ts';

/** Where peers, devices and events are kept. */
export const peerStoreSettings = redisSettings;
export type PeerStoreSettings = RedisSettings;

export interface PeerStoreNeeds {
  log: Log;
  clock: Clock;
}

/** Opens the store that the settings choose; only that adapter is loaded. */
export async function openPeerStore(
  settings: PeerStoreSettings & { dataDirectory: string },
  { log, clock }: PeerStoreNeeds,
): Promise<PeerStore> {
  const redis = redisConnection(settings);
  if (redis !== undefined) {
    const { openRedisPeerStore } = await import('@kith/peers-redis');
    return openRedisPeerStore({ ...redis, log, clock });
  }
  const { openSqlitePeerStore } = await import('@kith/embedded-sqlite');
  return openSqlitePeerStore({
    directory: settings.dataDirectory,
    clock,
    onDamage: (sentence) => log.warn({}, sentence),
  });
}
