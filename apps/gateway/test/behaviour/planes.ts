import { type TestContext, test } from 'node:test';
import { type Node, startNode, startPair } from '../gateway-rig.ts';
import { exchange, openSocket, type RawAnswer, type SeenRequest, startRawUpstream } from '../raw-http.ts';

/** A way through the gateway to a web app, and how a request is addressed to go that way. */
export interface Plane {
  readonly name: 'owner plane' | 'peer plane';
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
 * with mutual TLS between them).
 */
export function behaviour(
  name: string,
  answer: UpstreamAnswer,
  check: (plane: Plane, t: TestContext) => Promise<void>,
) {
  test(`owner plane: ${name}`, { timeout: 20_000 }, async (t) => {
    const upstream = await startRawUpstream(t, answer);
    const ana = await startNode(t, { settings: { upstream: upstream.origin, upstreamTimeoutMs: 1_000 } });
    await check(planeOf(t, 'owner plane', 'localhost', ana, ana, upstream), t);
  });
  test(`peer plane: ${name}`, { timeout: 20_000 }, async (t) => {
    const upstream = await startRawUpstream(t, answer);
    const settings = { upstream: upstream.origin, upstreamTimeoutMs: 1_000 };
    const [ana, bob] = await startPair(t, { settings: { upstreamTimeoutMs: 3_000 } }, { settings });
    await check(planeOf(t, 'peer plane', 'bob.localhost', ana, bob, upstream), t);
  });
}

function planeOf(
  t: TestContext,
  name: Plane['name'],
  host: string,
  first: Node,
  last: Node,
  upstream: Plane['upstream'],
): Plane {
  return {
    name,
    host,
    port: first.port,
    upstream,
    first,
    last,
    ask: (line, fields = '', body = '') =>
      exchange(t, first.port, `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${fields}\r\n${body}`),
    open: () => openSocket(t, first.port),
  };
}
