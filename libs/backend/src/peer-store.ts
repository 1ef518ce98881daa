import type { PeerStore } from '@kith/membership';
import { type Clock, type Log, setting, type Values } from '@kith/service';
import { z } from 'zod';

/** Where peers, devices and events are kept. */
export const peerStoreSettings = {
  redisUrl: setting(
    'KITH_REDIS_URL',
    z
      .string()
      .regex(
        /^(rediss?|redis\+sentinel|rediss\+sentinel|redis\+cluster|rediss\+cluster|unix):\/\/\S+$/,
        'accepted: redis://host:6379, rediss://user:password@host:6380 and the like',
      )
      .optional(),
    'Redis that keeps peers, devices and events, for services that run apart. Default: none, an embedded file.',
  ),
} as const;
export type PeerStoreSettings = Values<typeof peerStoreSettings>;

export interface PeerStoreNeeds {
  log: Log;
  clock: Clock;
}

/** Opens the store that the settings choose; only that adapter is loaded. */
export async function openPeerStore(
  { redisUrl, dataDirectory }: PeerStoreSettings & { dataDirectory: string },
  { log, clock }: PeerStoreNeeds,
): Promise<PeerStore> {
  if (redisUrl !== undefined) {
    const { openRedisPeerStore } = await import('@kith/peers-redis');
    return openRedisPeerStore({ url: redisUrl, log, clock });
  }
  const { openSqlitePeerStore } = await import('@kith/embedded-sqlite');
  return openSqlitePeerStore({ directory: dataDirectory, clock });
}
