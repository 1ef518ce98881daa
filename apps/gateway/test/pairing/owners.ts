import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Identity } from '@kith/identity';
import { type ComparisonView, comparisonViewSchema, type EventView, eventsViewSchema } from '@kith/wire';
import { listen } from '../../src/door/listen.ts';
import { createOnePort } from '../../src/door/one-port.ts';
import { peerSecureContext } from '../../src/door/tls-context.ts';
import type { Node, TestEnding } from '../gateway-rig.ts';

const urlOf = (node: Node) => `http://${node.address}:${node.port}/_kith`;

/** What the owner of `node` does with the comparison; throws the code of a refusal. */
export function ownerOf(node: Node) {
  const ask = async (method: string, path: string, body?: object): Promise<ComparisonView> => {
    const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await fetch(`${urlOf(node)}${path}`, { method, ...json });
    const said = (await answer.json()) as { error: string; message: string };
    if (!answer.ok) throw Object.assign(new Error(said.message), { code: said.error });
    return comparisonViewSchema.parse(said);
  };
  const path = (peer: { readonly identity: Pick<Identity, 'id'> }) => `/peers/${peer.identity.id}/comparison`;
  type Peer = Parameters<typeof path>[0];
  return {
    view: () => ask('GET', '/comparison'),
    open: (peer: Peer) => ask('POST', path(peer)),
    cancel: (peer: Peer) => ask('DELETE', path(peer)),
    same: (peer: Peer, number: string) => ask('POST', `${path(peer)}/answer`, { same: true, number }),
    different: (peer: Peer) => ask('POST', `${path(peer)}/answer`, { same: false }),
    events: async (): Promise<EventView[]> =>
      eventsViewSchema.parse(await (await fetch(`${urlOf(node)}/events?limit=1000`)).json()).events,
  };
}

/** One connection of a peer that plays by hand: messages in turn, each with its answer. */
export async function handConnection(t: TestEnding, node: Node, as: Identity) {
  const socket: TLSSocket = connectTls({
    host: node.address,
    port: node.port,
    rejectUnauthorized: false,
    secureContext: peerSecureContext(as),
  });
  socket.on('error', () => {});
  t.after(() => void socket.destroy());
  await once(socket, 'secureConnect');
  const say = async (what: string, message: object): Promise<{ status: number; body: Record<string, unknown> }> => {
    const body = JSON.stringify(message);
    socket.write(
      `POST /_kith/pairing/${what} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    let text = '';
    for (;;) {
      const [part] = (await once(socket, 'data')) as [Buffer];
      text += part.toString();
      const [head = '', rest = ''] = text.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      if (rest.length >= length) return { status: Number(head.slice(9, 12)), body: JSON.parse(rest) };
    }
  };
  return { say, close: () => socket.destroy() };
}

/**
 * A gateway that plays by hand on an address of its own: `answer` gets what was asked; undefined holds the answer back.
 * Returns its port.
 */
export async function handServer(
  t: TestEnding,
  as: Identity,
  { address, answer }: { address: string; answer: (what: string) => object | undefined },
): Promise<number> {
  const { server, close } = createOnePort({
    secureContext: peerSecureContext(as),
    onRequest: (request, response) => {
      request.resume();
      const said = answer(/pairing\/(\w+)/.exec(request.url ?? '')?.[1] ?? '');
      if (said) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    },
  });
  await listen(server, address, 0);
  t.after(() => close(0));
  const bound = server.address();
  return bound && typeof bound === 'object' ? bound.port : 0;
}
