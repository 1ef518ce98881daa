/** Where Redis is. Redis 6.2 or newer. */
export interface RedisConnectionOptions {
  /** `redis://[user:password@]host[:port][/database]`; `rediss://` for TLS. With `sentinels`, host and port do not count. */
  readonly url: string;
  /** The password, where it is not part of the URL. */
  readonly password?: string | undefined;
  /** Asks these which Redis is the master of `name`, at each connection. */
  readonly sentinels?:
    | { readonly name: string; readonly addresses: readonly RedisAddress[]; readonly password?: string | undefined }
    | undefined;
  /** Talks to a Redis Cluster; more nodes of it from which it may be learnt, beside that of the URL. */
  readonly cluster?: readonly RedisAddress[] | undefined;
  /** PEM texts for `rediss://`; without `ca` the system's authorities count. The server's name is always checked. */
  readonly tls?:
    | { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string }
    | undefined;
  /** A prefix of its own for each Kith node that shares this Redis. Default `kith`. */
  readonly keyPrefix?: string | undefined;
  readonly log: ConnectionLog;
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** What is used of the log; the log of @kith/service is one. */
export interface ConnectionLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** The settings of the connection cannot be right; the message says what to change. */
export class RedisSettingsError extends Error {
  readonly code = 'bad_configuration';
}

export interface ParsedUrl {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
}

export function parseRedisUrl(text: string): ParsedUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = /^\/?(\d{0,4})$/.exec(url?.pathname ?? '')?.[1];
  const isTls = url?.protocol === 'rediss:';
  if (!url || (!isTls && url.protocol !== 'redis:') || url.hostname === '' || database === undefined) {
    // The text is not repeated: it may hold a password.
    throw new RedisSettingsError(
      'The address of Redis is not right: accepted are redis://host:6379, rediss://host:6380 for TLS, and ' +
        'redis://user:password@host:6379/0.',
    );
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    isTls,
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    database: Number(database === '' ? 0 : database),
  };
}
