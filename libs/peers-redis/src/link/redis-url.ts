import { type RedisAddress, RedisSettingsError } from './connection-options.ts';

/** What a URL says of how to reach Redis. */
export interface ParsedUrl {
  readonly kind: 'single' | 'sentinel' | 'cluster' | 'socket';
  readonly isTls: boolean;
  readonly username?: string;
  readonly password?: string;
  /** At least one, but for `socket`. */
  readonly addresses: readonly RedisAddress[];
  readonly database: number;
  /** For `sentinel`: the name under which the Sentinels know the master. */
  readonly master?: string;
  /** For `socket`. */
  readonly path?: string;
}

const DEFAULT_PORT = 6379;
const SENTINEL_PORT = 26379;
const SHAPE = /^(rediss?)(\+sentinel|\+cluster)?:\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([^/]*))?(?:\/([^/]*))?$/;

/** The forms are those of RedisConnectionOptions.url. Throws `bad_configuration`; the text, which may hold a password, is not repeated. */
export function parseRedisUrl(text: string): ParsedUrl {
  const socket = /^unix:\/\/(\/[^?#]+)$/.exec(text)?.[1];
  if (socket !== undefined) return { kind: 'socket', isTls: false, addresses: [], database: 0, path: socket };
  const parts = SHAPE.exec(text);
  if (!parts) throw wrongUrl();
  const [, scheme, suffix, login, hosts = '', first = '', second = ''] = parts;
  const kind = suffix === '+sentinel' ? 'sentinel' : suffix === '+cluster' ? 'cluster' : 'single';
  const defaultPort = kind === 'sentinel' ? SENTINEL_PORT : DEFAULT_PORT;
  const addresses = hosts.split(',').map((host) => addressOf(host, defaultPort));
  if (kind === 'single' && addresses.length !== 1) throw wrongUrl();
  const [database, master] = kind === 'sentinel' ? [second, first] : [first, undefined];
  if (!/^\d{0,4}$/.test(database) || master === '' || (kind !== 'sentinel' && second !== '')) throw wrongUrl();
  return {
    kind,
    isTls: scheme === 'rediss',
    ...loginOf(login),
    addresses,
    database: Number(database),
    ...(master === undefined ? {} : { master: decoded(master) }),
  };
}

function addressOf(text: string, defaultPort: number): RedisAddress {
  const parts = /^(\[[0-9a-fA-F:.%]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/.exec(text);
  const port = Number(parts?.[2] ?? defaultPort);
  if (!parts?.[1] || port < 1 || port > 65535) throw wrongUrl();
  return { host: parts[1].replace(/^\[|\]$/g, ''), port };
}

function loginOf(text: string | undefined): { username?: string; password?: string } {
  if (text === undefined) return {};
  const [username = '', ...rest] = text.split(':');
  const password = rest.join(':');
  return {
    ...(username === '' ? {} : { username: decoded(username) }),
    ...(password === '' ? {} : { password: decoded(password) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongUrl();
  }
}

function wrongUrl(): RedisSettingsError {
  return new RedisSettingsError(
    'The address of Redis is not right. Accepted: redis://host:6379, redis://user:password@host:6379/0 (special ' +
      'characters of the password as %..), rediss:// for TLS, redis+sentinel://host1:26379,host2:26379/master-name, ' +
      'redis+cluster://host1:6379,host2:6379 and unix:///path/of/the/socket.',
  );
}
