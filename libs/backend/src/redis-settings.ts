import { secretSetting, setting, type Values } from '@kith/service';
import { z } from 'zod';

const secret = z.string().min(1).optional();

/** Where the Redis is that services which run apart share. */
export const redisSettings = {
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
    'Authority that signed the certificate of Redis, as PEM text; its file in KITH_REDIS_CA_FILE. Default: those of the system.',
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
export type RedisSettings = Values<typeof redisSettings>;

/** The settings as the Redis adapters take them; undefined where no Redis is set. */
export function redisConnection(settings: RedisSettings) {
  const { redisUrl: url, redisPassword: password, redisSentinelPassword, redisCa: ca, redisPrefix } = settings;
  if (url === undefined) return undefined;
  return {
    url,
    password,
    sentinelPassword: redisSentinelPassword,
    keyPrefix: redisPrefix,
    ...(ca === undefined ? {} : { tls: { ca } }),
  };
}
