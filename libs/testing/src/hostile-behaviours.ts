import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a hostile server needs besides its name. */
export interface HostileInput {
  /** A true pingback reply as JSON text, which `replays` repeats and `wrong-signature` spoils. */
  reply: string;
  /** Base URL of a true pingback, such as `http://10.77.0.2:5800`, to which `relays` hands every question. */
  relayTo: string;
}

const json = (response: ServerResponse, body: string | Buffer, headers: Record<string, string> = {}) =>
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers })
    .end(body);

/** Keeps writing until the other side goes; at most `limit` bytes, so that a test that fails to stop it ends. */
function pour(response: ServerResponse | Socket, chunk: string | Buffer, limit = 2 ** 30): void {
  let poured = 0;
  const more = () => {
    while (!response.destroyed && poured < limit) {
      poured += chunk.length;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
  };
  more();
}

function drip(response: ServerResponse | Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (response.destroyed || at >= text.length) return clearInterval(timer);
    response.write(text.charAt(at));
    at += 1;
  }, 500);
  response.once('close', () => clearInterval(timer));
}

/** Servers that speak HTTP. */
export const HTTP_BEHAVIOURS: Record<string, (input: HostileInput) => RequestListener> = {
  /** What really lives on port 5800: a VNC server's viewer page. */
  'vnc-html': () => (_request, response) =>
    response
      .writeHead(200, { server: 'RealVNC/4.0', 'content-type': 'text/html' })
      .end('<HTML><TITLE>VNC desktop</TITLE><APPLET CODE=vncviewer.class ARCHIVE=vncviewer.jar></APPLET></HTML>'),
  'endless-body': () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    pour(response, '{"kith":"'.padEnd(64 << 10, 'x'));
  },
  'gigabyte-length': () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(2 ** 30) });
    response.write('{"protocol":1,');
  },
  'slow-body': () => (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    drip(response, '{"protocol":1}'.padEnd(4000));
  },
  redirect:
    ({ reply }) =>
    (request, response) => {
      if (request.url?.startsWith('/elsewhere')) return json(response, reply);
      return response.writeHead(302, { location: '/elsewhere' }).end();
    },
  'gzip-bomb': () => {
    let bomb: Buffer | undefined;
    return (_request, response) => {
      bomb ??= gzipSync(Buffer.alloc(64 << 20, ' '));
      json(response, bomb, { 'content-encoding': 'gzip' });
    };
  },
  'wrong-content-type':
    ({ reply }) =>
    (_request, response) =>
      json(response, reply, { 'content-type': 'text/plain' }),
  'invalid-json': () => (_request, response) => json(response, '{"protocol":1,'),
  'not-an-object': () => (_request, response) => json(response, '[null]'),
  'huge-json': () => (_request, response) => json(response, JSON.stringify({ protocol: 1, name: 'x'.repeat(8 << 20) })),
  'deep-json': () => (_request, response) => json(response, '['.repeat(2000) + ']'.repeat(2000)),
  'server-error': () => (_request, response) => response.writeHead(500).end('out of order'),
  'wrong-signature':
    ({ reply }) =>
    (_request, response) =>
      json(response, spoil(reply)),
  replays:
    ({ reply }) =>
    (_request, response) =>
      json(response, reply),
  relays:
    ({ relayTo }) =>
    (request, response) =>
      void relay(request, response, relayTo),
};

/** Servers below HTTP: they are given the bare connection. */
export const SOCKET_BEHAVIOURS: Record<string, (socket: Socket) => void> = {
  /** Accepts and never says a word. */
  silence: (socket) => void socket.resume(),
  resets: (socket) => void socket.once('data', () => socket.resetAndDestroy()),
  'hangs-up': (socket) => void socket.once('data', () => socket.end()),
  'slow-drip': (socket) => {
    socket.resume();
    drip(socket, 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n'.padEnd(4000, 'x'));
  },
  'endless-headers': (socket) => {
    socket.resume();
    socket.write('HTTP/1.1 200 OK\r\n');
    pour(socket, `x-more: ${'y'.repeat(1000)}\r\n`, 64 << 20);
  },
  'not-http': (socket) => void socket.resume().end('SSH-2.0-OpenSSH_9.2p1\r\n'),
};

/** The same fields with a signature of the right form that proves nothing. */
function spoil(reply: string): string {
  const fields = JSON.parse(reply) as Record<string, unknown>;
  const { signature } = fields;
  if (typeof signature !== 'string') throw new TypeError('this is no pingback reply: it has no signature');
  const first = signature.startsWith('A') ? 'B' : 'A';
  return JSON.stringify({ ...fields, signature: first + signature.slice(1) });
}

async function relay(request: IncomingMessage, response: ServerResponse, relayTo: string): Promise<void> {
  try {
    const answer = await fetch(new URL(request.url ?? '/', relayTo), { signal: AbortSignal.timeout(60_000) });
    json(response, await answer.text());
  } catch {
    response.destroy();
  }
}
