import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
export const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
export const idOf = (letter: string) => letter.repeat(52);

/** A gateway that knows trusted peers by their letters; each answers for documents as its handler says. */
export async function fakeGateway(t: TestContext, peers: Record<string, Handler>, own: Handler = answer404) {
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url === '/_kith/peers') return json(response, { peers: Object.keys(peers).map(peerView) });
    const peer = Object.keys(peers).find((letter) => url.startsWith(`/peers/${idOf(letter)}/`));
    const handler = peer === undefined ? own : peers[peer];
    handler?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A holder that says it has the document under `name` and `size`, and serves `content` as it is told. */
export function holder({ name, size, hash }: { name: string; size: number; hash: string }, content: Handler): Handler {
  return (request, response) => {
    if (request.url?.endsWith('/content')) return content(request, response);
    json(response, { hash, title: name, name, mediaType: 'text/plain', size, modifiedAt: 0, indexed: true });
  };
}

/** Serves bytes with ranges, as an exchange does. */
export function serve(bytes: Buffer, seen: (range: string | undefined) => void = () => {}): Handler {
  return (request, response) => {
    const range = request.headers.range;
    seen(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (range) response.writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` });
    response.end(bytes.subarray(from));
  };
}

/** Sends the first part, then the connection breaks. */
export function breakAfter(bytes: Buffer, count: number): Handler {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, count), () => setImmediate(() => response.destroy()));
  };
}

export const answer404: Handler = (_request, response) => {
  response.statusCode = 404;
  json(response, { error: 'document_not_found', message: 'There is no such document here.' });
};

export function json(response: ServerResponse, body: unknown) {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function peerView(letter: string) {
  const id = idOf(letter);
  return {
    ...{
      id,
      shortId: id.slice(0, 8),
      name: `peer-${letter}`,
      label: `peer-${letter}`,
      state: 'alive',
      trust: 'trusted',
    },
    ...{ addresses: [], gatewayPort: 5805, documents: 1, firstSeenAt: 0, lastSeenAt: 0, stateChangedAt: 0 },
    ...{ url: `http://peer-${letter}.localhost:5805/`, warnings: [] },
  };
}
