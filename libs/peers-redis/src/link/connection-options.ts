/** Where Redis is. Redis 6.2 or newer. */
export interface RedisConnectionOptions {
  /**
   * - `redis://[user:password@]host[:port][/database]`
   * - `redis+sentinel://[user:password@]host[:port][,host[:port]…]/master-name[/database]`: asks the Sentinels which Redis
   *   is the master, at each connection
   * - `redis+cluster://[user:password@]host[:port][,host[:port]…]`: some nodes of a Cluster, which name the others
   * - `unix:///path`
   *
   * and `rediss…` in place of `redis…` for TLS.
   */
  readonly url: string;
  /** The password, where it is not part of the URL. */
  readonly password?: string | undefined;
  /** The Sentinels' own password, where they have one. */
  readonly sentinelPassword?: string | undefined;
  /** PEM texts for `rediss…`; without `ca` the system's authorities count. The server's name is always checked. */
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
