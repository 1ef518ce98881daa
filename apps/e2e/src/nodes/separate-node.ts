import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOwnerClient, type OwnerClient } from './owner-client.ts';
import { freeAddress, type ServiceProcess, startProgram, startService } from './service-process.ts';

/** A node whose services run apart on one loopback address: real Redis, real Elasticsearch, a process each. */
export interface SeparateNode {
  readonly address: string;
  /** Folder of the test's own; its `data` is what the services share. */
  readonly folder: string;
  readonly redis: ServiceProcess;
  /** Starts it again, where it has ended, on what it had written down. */
  startRedis(): Promise<void>;
  /** Of Redis. */
  readonly password: string;
  /** First part of the names of its indexes. */
  readonly prefix: string;
  /** `redis-cli` against it; returns what it printed. */
  redisCli(...words: string[]): string;
  start(app: 'pingback' | 'scanner' | 'gateway' | 'exchange', env?: Record<string, string>): Promise<ServiceProcess>;
  /** The owner at a gateway on `port`. */
  owner(port?: number): OwnerClient;
  /** Ends all services properly, then Redis. */
  stopAll(): Promise<void>;
  close(): Promise<void>;
}

const GATEWAY_PORT = 5805;

export interface SeparateNodeOptions {
  /** Origin of an Elasticsearch; without it the exchange, one only, keeps its documents in a file. */
  readonly elasticsearch?: string | undefined;
  /** First part of the index names; by default one of its own. */
  readonly prefix?: string | undefined;
  readonly env?: Record<string, string>;
  /** Of redis-server, beside the usual ones. */
  readonly redisArguments?: readonly string[];
  /** Folder of another node, which has ended: this one begins with a copy of its `data` and `redis`. */
  readonly copyOf?: string;
}

/** Starts Redis; the services are started by the test. */
export async function openSeparateNode(options: SeparateNodeOptions): Promise<SeparateNode> {
  const { elasticsearch, copyOf, env: more = {}, redisArguments = [] } = options;
  const address = freeAddress();
  const folder = mkdtempSync(join(tmpdir(), 'kith-apart-'));
  const prefix = options.prefix ?? `kith-apart-${randomBytes(4).toString('hex')}`;
  for (const name of ['data', 'redis']) {
    mkdirSync(join(folder, name));
    if (copyOf !== undefined) cpSync(join(copyOf, name), join(folder, name), { recursive: true });
  }
  const password = randomBytes(12).toString('hex');
  const fixed = ['--bind', address, '--port', '6379', '--save', '', '--requirepass', password];
  const startRedis = () =>
    startProgram({
      name: 'redis',
      command: 'redis-server',
      arguments: [...fixed, '--dir', `${folder}/redis`, ...redisArguments],
      isReady: /Ready to accept connections/,
    });
  let redis = await startRedis();
  const services: Promise<ServiceProcess>[] = [];
  const env = {
    HOME: folder,
    KITH_DATA: join(folder, 'data'),
    KITH_NAME: 'apart',
    KITH_BIND: address,
    KITH_EXCHANGE_BIND: address,
    KITH_EXCHANGE_PORT: '0',
    KITH_GATEWAY_URL: `http://${address}:${GATEWAY_PORT}`,
    KITH_UPSTREAM: 'replicas',
    KITH_SWEEP: 'off',
    KITH_REDIS_URL: `redis://${address}:6379`,
    KITH_REDIS_PASSWORD: password,
    ...(elasticsearch === undefined ? {} : { KITH_ELASTICSEARCH_URL: elasticsearch }),
    KITH_ELASTICSEARCH_PREFIX: prefix,
    ...more,
  };
  return {
    ...{ address, folder, prefix, password },
    get redis() {
      return redis;
    },
    async startRedis() {
      if (!redis.isRunning()) redis = await startRedis();
    },
    redisCli: (...words) =>
      execFileSync('redis-cli', ['-h', address, '--no-auth-warning', '-a', password, ...words], {
        encoding: 'utf8',
      }).trim(),
    async start(app, own = {}) {
      const service = startService(app, { ...env, ...own });
      services.push(service);
      return service;
    },
    owner: (port = GATEWAY_PORT) => createOwnerClient({ host: address, port }),
    async stopAll() {
      await Promise.all((await Promise.all(services)).map((one) => one.stop()));
      await redis.stop();
    },
    async close() {
      // Those too that are still being started.
      const all = await Promise.allSettled(services);
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.kill() : undefined)));
      await redis.kill();
      rmSync(folder, { recursive: true, force: true });
      if (elasticsearch !== undefined) await removeIndexes(elasticsearch, prefix);
    },
  };
}

/** By name: the server refuses to delete by pattern. */
export async function removeIndexes(url: string, prefix: string): Promise<void> {
  const found = await fetch(`${url}/${prefix}-*`);
  const names = Object.keys((await found.json()) as object);
  if (names.length > 0) await fetch(`${url}/${names.join(',')}`, { method: 'DELETE' });
}
