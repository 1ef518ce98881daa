import { Client, type Dispatcher, Pool } from 'undici';
import type { NextHop } from './next-hop.ts';
import { oneRequest } from './peer-pools.ts';
import type { Plane } from './replica-connections.ts';
import { ReplicaDispatcher } from './replica-dispatcher.ts';
import type { ReplicaSet } from './replica-set.ts';

/** The connections to this node's web app. */
export interface Upstream extends NextHop {
  readonly origin: string;
  /** `host:port`, as sent in `Host`. */
  readonly host: string;
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  readonly origin: string;
  /** Until the head of an answer. */
  readonly timeoutMs: number;
  readonly connections: number;
}

export function createUpstream({ origin, timeoutMs, connections }: UpstreamOptions): Upstream {
  const options = {
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: 0,
    connect: { timeout: Math.min(timeoutMs, 5_000) },
    allowH2: false,
    // A web app may set more header fields than a peer's gateway lets through, but not without end.
    maxHeaderSize: 64 * 1024,
  };
  const dispatcher = new Pool(origin, { ...options, connections });
  return {
    origin,
    host: new URL(origin).host,
    dispatcher,
    fresh: () => oneRequest(new Client(origin, options)),
    close: () => dispatcher.destroy(),
  };
}

/** Stands for whichever replica gets a request: nothing is ever looked up under this name. */
const ANY_REPLICA = 'http://exchange.invalid';

/** The replicas of the own exchange as one web app. The set is started and stopped by whoever made it. */
export function createReplicaUpstream({ replicas, plane }: { replicas: ReplicaSet; plane: Plane }): Upstream {
  const dispatcher = new ReplicaDispatcher({
    replicas,
    connect: ({ connections }, isFresh) => (isFresh ? connections.fresh() : connections.pool(plane)),
  });
  const fresh = new ReplicaDispatcher({ replicas, connect: ({ connections }) => connections.fresh() });
  return {
    origin: ANY_REPLICA,
    host: new URL(ANY_REPLICA).host,
    dispatcher,
    fresh: () => fresh,
    close: async () => {},
  };
}
