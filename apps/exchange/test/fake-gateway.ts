import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createMemoryDocumentIndex, type DocumentIndex } from '@kith/documents';
import type { Peer, PeerStore } from '@kith/membership';
import { ANALYSER_VERSION, type NodeId, type PeerSearchAnswer, peerSearchRequestSchema } from '@kith/wire';
import { answerPeer } from '../src/search/search-local.ts';

export type Behaviour = (body: string, response: ServerResponse, request: IncomingMessage) => unknown;

export interface FakeGateway {
  readonly url: string;
  /** What is answered at `/peers/<id>/api/peer/search`. */
  peer(id: NodeId, behaviour: Behaviour): void;
  /** Requests for which no answer has ended yet. */
  waiting(): number;
}

/** Stands in for the node's own gateway: a real HTTP server on which each peer behaves as it is told. */
export async function startFakeGateway(t: TestContext): Promise<FakeGateway> {
  const behaviours = new Map<string, Behaviour>();
  let waiting = 0;
  const server = createServer(async (request, response) => {
    waiting++;
    response.once('close', () => waiting--);
    const id = /^\/peers\/([a-z2-7]{52})\/api\/peer\/search$/.exec(request.url ?? '')?.[1] ?? '';
    let body = '';
    for await (const part of request) body += part;
    const behaviour = behaviours.get(id) ?? refuse(404, 'peer_not_found');
    await behaviour(body, response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    peer: (id, behaviour) => behaviours.set(id, behaviour),
    waiting: () => waiting,
  };
}

export const send =
  (answer: unknown): Behaviour =>
  (_body, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  };
export const refuse =
  (status: number, error: string): Behaviour =>
  (_body, response) => {
    response.statusCode = status;
    response.end(JSON.stringify({ error, message: '<b>Not you.</b>' }));
  };
export const stall: Behaviour = () => {};

/** An honest peer with these documents, by title and text. */
export async function honest(documents: Record<string, string>): Promise<Behaviour> {
  const index = await indexOf(documents);
  return async (body, response) => {
    response.end(JSON.stringify(await answerPeer(index, peerSearchRequestSchema.parse(JSON.parse(body)))));
  };
}

export async function indexOf(documents: Record<string, string>): Promise<DocumentIndex> {
  const index = createMemoryDocumentIndex();
  const all = Object.entries(documents).map(([title, text], i) => ({
    ...{ title, name: title, text, mediaType: 'text/plain', size: text.length, modifiedAt: i },
    hash: Buffer.from(`${title}${text}`).toString('hex').padEnd(64, '0').slice(0, 64),
  }));
  await index.put(all);
  return index;
}

/** An answer that fits the query `tide`, to be spoilt. */
export function goodAnswer(): PeerSearchAnswer {
  const summary = { title: 'Tide', name: 'tide.txt', mediaType: 'text/plain', size: 4, modifiedAt: 5 };
  const candidate = {
    ...summary,
    hash: 'f'.repeat(64),
    tf: [4],
    length: 8,
    snippet: { text: 'tide', marks: [[0, 4]] as [number, number][] },
  };
  return { analyser: ANALYSER_VERSION, documents: 10, totalLength: 500, df: [1], matches: 1, candidates: [candidate] };
}

export async function knowPeer(peers: PeerStore, id: NodeId, given: Partial<Peer> = {}): Promise<void> {
  const peer: Peer = {
    ...{ id, publicKey: 'A'.repeat(59), name: `peer ${id[0]}`, state: 'alive', trust: 'trusted', trustedBy: 'owner' },
    ...{
      addresses: [],
      gatewayPort: 5805,
      instance: '0'.repeat(16),
      incarnation: 1,
      documents: { count: 1, version: 1 },
    },
    ...{ firstSeenAt: 1, lastSeenAt: 2, stateChangedAt: 1, missed: 0 },
    ...given,
  };
  await peers.changePeer(id, () => ({ peer, events: [] }));
}
