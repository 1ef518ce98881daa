import { type TestContext, test } from 'node:test';
import { createMemoryReplicaRegistry } from '@kith/membership';
import { systemClock } from '@kith/service';
import { type Node, type NodeOptions, startNode, startPair } from '../gateway-rig.ts';
import { exchange, openSocket, type RawAnswer, type SeenRequest, startRawUpstream } from '../raw-http.ts';

/** A way through the gateway to a web app, and how a request is addressed to go that way. */
export interface Plane {
  readonly name: 'owner plane' | 'peer plane';
  /** Whether the web app is one of the replicas that are registered, here the only one. */
  readonly isReplica: boolean;
  /** Value of `Host`. */
  readonly host: string;
  readonly port: number;
  readonly upstream: Awaited<ReturnType<typeof startRawUpstream>>;
  /** The gateway that the web app stands behind. */
  readonly last: Node;
  readonly first: Node;
  /** Sends a whole request; `Host` and `Connection: close` are added after the request line. */
  ask(line: string, fields?: string, body?: string): Promise<RawAnswer>;
  open(): ReturnType<typeof openSocket>;
}

export type UpstreamAnswer = (request: SeenRequest, rest: Buffer) => void;

/**
 * One behaviour, tried on the owner plane (@fastify/http-proxy, one hop) and on the peer plane (thin forwarder, two hops
 * with mutual TLS between them), towards one web app and towards replicas.
 */
export function behaviour(
  name: string,
  answer: UpstreamAnswer,
  check: (plane: Plane, t: TestContext) => Promise<void>,
) {
  for (const isReplica of [false, true]) {
    const to = isReplica ? ' to replicas' : '';
    test(`owner plane${to}: ${name}`, async (t) => {
      const upstream = await startRawUpstream(t, answer);
      const ana = await startNode(t, await towards(upstream.origin, isReplica));
      await check(
        planeOf(t, { name: 'owner plane', isReplica, host: 'localhost', first: ana, last: ana, upstream }),
        t,
      );
    });
    test(`peer plane${to}: ${name}`, async (t) => {
      const upstream = await startRawUpstream(t, answer);
      const to = await towards(upstream.origin, isReplica);
      const [first, last] = await startPair(t, { settings: { upstreamTimeoutMs: 3_000 } }, to);
      await check(planeOf(t, { name: 'peer plane', isReplica, host: 'bob.localhost', first, last, upstream }), t);
    });
  }
}

async function towards(origin: string, isReplica: boolean): Promise<NodeOptions> {
  if (!isReplica) return { settings: { upstream: origin, upstreamTimeoutMs: 1_000 } };
  const replicas = createMemoryReplicaRegistry({ clock: systemClock });
  await replicas.register({ service: 'exchange', id: 'one', address: origin, ttlMs: 60_000 });
  return { replicas, settings: { upstream: 'replicas', upstreamTimeoutMs: 1_000 } };
}

function planeOf(
  t: TestContext,
  parts: Pick<Plane, 'name' | 'isReplica' | 'host' | 'first' | 'last' | 'upstream'>,
): Plane {
  const { first, host } = parts;
  return {
    ...parts,
    port: first.port,
    ask: (line, fields = '', body = '') =>
      exchange(t, first.port, `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${fields}\r\n${body}`),
    open: () => openSocket(t, first.port),
  };
}
