import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TestEnding } from './gateway-rig.ts';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** All that came, early hints and trailers too. */
  readonly text: string;
}

/** Opens a connection that the test's end closes. */
export async function openSocket(t: TestEnding, port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host });
  socket.on('error', () => {});
  t.after(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are and reads until the other end closes. Write `Connection: close` into the request. */
export async function exchange(
  t: TestEnding,
  port: number,
  request: string | Buffer,
  host?: string,
): Promise<RawAnswer> {
  const socket = await openSocket(t, port, host);
  socket.write(request);
  return readAnswer(socket);
}

export async function readAnswer(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // An error closes it too; what came before counts.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return parseAnswer(Buffer.concat(chunks).toString('latin1'));
}

export function parseAnswer(text: string): RawAnswer {
  let rest = text;
  while (/^HTTP\/1\.1 1\d\d (?!Switching)/.test(rest)) rest = rest.slice(rest.indexOf('\r\n\r\n') + 4);
  const end = rest.indexOf('\r\n\r\n');
  const head = end < 0 ? rest : rest.slice(0, end);
  const headers: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  const raw = end < 0 ? '' : rest.slice(end + 4);
  const body = headers['transfer-encoding'] === 'chunked' ? dechunk(raw) : raw;
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, headers, body, text };
}

function dechunk(raw: string): string {
  let out = '';
  for (let at = 0; at < raw.length; ) {
    const line = raw.indexOf('\r\n', at);
    const length = Number.parseInt(raw.slice(at, line), 16);
    if (!length) break;
    out += raw.slice(line + 2, line + 2 + length);
    at = line + 2 + length + 2;
  }
  return out;
}

export interface SeenRequest {
  readonly head: string;
  readonly line: string;
  readonly socket: Socket;
  /** Value of a header field, undefined where it did not come. */
  field(name: string): string | undefined;
}

/**
 * A web app that is nothing but a socket: calls `answer` for each request head that comes, with the bytes after it.
 * `requests` grows as they come.
 */
export async function startRawUpstream(
  t: TestEnding,
  answer: (request: SeenRequest, rest: Buffer) => void,
): Promise<{ origin: string; port: number; requests: SeenRequest[]; server: Server; connections: () => number }> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let waiting = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      // The rest of a body, which `answer` has its own listener for.
      if (waiting.length === 0 && !/^[A-Z-]+ \S+ HTTP/.test(chunk.toString('latin1', 0, 500))) return;
      waiting = Buffer.concat([waiting, chunk]);
      const end = waiting.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = waiting.subarray(0, end).toString('latin1');
      const rest = waiting.subarray(end + 4);
      waiting = Buffer.alloc(0);
      const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head.replaceAll('\r', ''))?.[1];
      const request = { head, line: head.split('\r\n')[0] ?? '', socket, field };
      requests.push(request);
      answer(request, rest);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { origin: `http://127.0.0.1:${port}`, port, requests, server, connections: () => connections };
}

export const ok = (body = 'ok', fields = '') =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n${fields}\r\n${body}`;
