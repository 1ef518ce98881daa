import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { type RedisConnectionOptions, RedisSettingsError } from './connection-options.ts';
import { parseRedisUrl } from './redis-url.ts';

export type RedisClient = Redis | Cluster;

/** Longest pause between two attempts to connect: Redis is found again this soon after it came back. */
const RECONNECT_MAX_MS = 2000;
const CONNECT_TIMEOUT_MS = 2000;

/**
 * A client that connects in the background and keeps trying, with pauses that double from 50 ms to 2 s. A command given
 * while it is not connected, or under way when the connection is lost, rejects: nothing is kept to be sent later, when
 * the world has moved on. A server that says nothing for `silenceMs` while an answer is due is given up.
 */
export function createClient(options: RedisConnectionOptions, silenceMs: number, what: string): RedisClient {
  const { kind, isTls, username, password: inUrl, addresses, database, master, path } = parseRedisUrl(options.url);
  const password = options.password ?? inUrl;
  if (kind === 'cluster' && database !== 0) throw new RedisSettingsError('Redis Cluster has only database 0.');
  const connection = {
    db: database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isTls ? { tls: { ...options.tls } } : {}),
    connectionName: `kith-${what}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: silenceMs,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // 0: commands under way reject when the connection is lost; with null they would wait for ever.
    maxRetriesPerRequest: 0,
    retryStrategy: reconnectPause,
    // A master that became a replica still answers, and refuses to write: ask the Sentinels anew.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions;
  if (kind === 'cluster') {
    return new Cluster([...addresses], {
      redisOptions: connection,
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnectPause,
      slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
      // By default the name is looked up first, and a certificate is not made out to an address.
      ...(isTls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
    });
  }
  if (kind === 'socket') return new Redis({ ...connection, path: path ?? '' });
  if (kind === 'single') return new Redis({ ...connection, ...addresses[0] });
  return new Redis({
    ...connection,
    name: master ?? '',
    sentinels: addresses.map((one) => ({ ...one })),
    ...(options.sentinelPassword === undefined ? {} : { sentinelPassword: options.sentinelPassword }),
    ...(isTls ? { enableTLSForSentinelMode: true, sentinelTLS: { ...options.tls } } : {}),
    sentinelRetryStrategy: reconnectPause,
  });
}

function reconnectPause(attempt: number): number {
  const pause = Math.min(RECONNECT_MAX_MS, 50 * 2 ** Math.min(attempt - 1, 10));
  return pause * (0.8 + 0.4 * Math.random());
}
