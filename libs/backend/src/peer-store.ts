import type { PeerStore } from '@kith/membership';
import { type Clock, type Log, secretSetting, setting, type Values } from '@kith/service';
import { z } from 'zod';

const secret = z.string().min(1).optional();

/** Where peers, devices and events are kept. */
export const peerStoreSettings = {
  redisUrl: secretSetting(
    'KITH_REDIS_URL',
    z
      .string()
      .regex(
        /^(rediss?(\+sentinel|\+cluster)?|unix):\/\/\S+$/,
        'accepted: redis://host:6379, rediss://… for TLS, redis+sentinel://…, redis+cluster://…, unix:///path',
      )
      .optional(),
    'Redis that keeps peers, devices and events, for services that run apart. Default: none, an embedded file.',
  ),
  redisPassword: secretSetting(
    'KITH_REDIS_PASSWORD',
    secret,
    'Password of Redis, where it is not in the URL. Default: none.',
  ),
  redisSentinelPassword: secretSetting(
    'KITH_REDIS_SENTINEL_PASSWORD',
    secret,
    'Password of the Sentinels themselves. Default: none.',
  ),
  redisCa: setting(
    'KITH_REDIS_CA',
    secret,
    'Authority that signed the certificate of Redis, as PEM text. Default: those of the system.',
  ),
  redisPrefix: setting(
    'KITH_REDIS_PREFIX',
    z
      .string()
      .regex(/^[a-z][a-z0-9:-]{0,40}$/, 'accepted: a–z, 0–9, - and :, beginning with a letter')
      .default('kith'),
    'First part of the keys: one of its own for each node that shares a Redis. Default: kith.',
  ),
} as const;
export type PeerStoreSettings = Values<typeof peerStoreSettings>;

export interface PeerStoreNeeds {
  log: Log;
  clock: Clock;
}

/** Opens the store that the settings choose; only that adapter is loaded. */
export async function openPeerStore(
  settings: PeerStoreSettings & { dataDirectory: string },
  { log, clock }: PeerStoreNeeds,
): Promise<PeerStore> {
  const { redisUrl, dataDirectory } = settings;
  if (redisUrl !== undefined) {
    const { openRedisPeerStore } = await import('@kith/peers-redis');
    return openRedisPeerStore({ ...redisConnection(settings, redisUrl), log, clock });
  }
  const { openSqlitePeerStore } = await import('@kith/embedded-sqlite');
  return openSqlitePeerStore({ directory: dataDirectory, clock });
}

function redisConnection(
  { redisPassword, redisSentinelPassword, redisCa, redisPrefix }: PeerStoreSettings,
  url: string,
) {
  return {
    url,
    password: redisPassword,
    sentinelPassword: redisSentinelPassword,
    keyPrefix: redisPrefix,
    ...(redisCa === undefined ? {} : { tls: { ca: redisCa } }),
  };
}
