import { connect, type Socket } from 'node:net';
import { Client, type Dispatcher, Pool } from 'undici';
import { oneRequest } from './peer-pools.ts';

/** Whose requests a connection carries: those of peers have connections of their own and keep no owner waiting. */
export type Plane = 'owner' | 'peers';

export interface ReplicaConnections {
  pool(plane: Plane): Dispatcher;
  /** One connection for one request. */
  fresh(): Dispatcher;
  /** Whether it answers: `refused` by the system, or `silent`, which is what a hung process is. */
  probe(): Promise<'ok' | 'refused' | 'silent'>;
  /** Cuts everything that is under way. */
  destroy(): void;
}

/** On a bridge of the same machine a connection takes microseconds; one that takes longer has nobody behind it. */
const CONNECT_MS = 700;
const PROBE_MS = 1_000;
const CONNECTIONS = 64;

export function openReplicaConnections(origin: string, { timeoutMs }: { timeoutMs: number }): ReplicaConnections {
  const url = new URL(origin);
  const options = {
    connect: connector({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) }),
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: 0,
    allowH2: false,
    maxHeaderSize: 64 * 1024,
  };
  const pools = {
    owner: new Pool(origin, { ...options, connections: CONNECTIONS }),
    peers: new Pool(origin, { ...options, connections: CONNECTIONS }),
  };
  const fresh = () => oneRequest(new Client(origin, options));

  return {
    pool: (plane) => pools[plane],
    fresh,
    async probe() {
      const signal = AbortSignal.timeout(PROBE_MS);
      try {
        const { body } = await fresh().request({ path: '/healthz', method: 'GET', signal });
        await body.dump({ limit: 4096, signal });
        return 'ok';
      } catch {
        return signal.aborted ? 'silent' : 'refused';
      }
    },
    destroy() {
      for (const pool of Object.values(pools)) pool.destroy().catch(() => {});
    },
  };
}

type Connected = (...result: [null, Socket] | [Error, null]) => void;

/** undici's own connector rounds its time limit up to a second or two. */
function connector(to: { host: string; port: number }) {
  return (_options: unknown, done: Connected) => {
    const socket = connect({ ...to, noDelay: true, keepAlive: true });
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    }, CONNECT_MS);
    const fail = (error: Error) => {
      clearTimeout(timer);
      done(error, null);
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      done(null, socket);
    });
  };
}
