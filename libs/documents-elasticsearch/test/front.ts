import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP front of a server, through which faults are put in: what it forwards is the real server's answer. */
export interface Front {
  readonly url: string;
  /** Number of the next bulks that are refused with 429. */
  refuseBulks: number;
  /** Of the next bulks, so many whose every second line is refused with 429 and not written. */
  halveBulks: number;
  /** Connections are cut. */
  away: boolean;
  /** Requests are taken and never answered. */
  hangs: boolean;
  hung: number;
  /** What is answered in place of the server, by path; undefined leaves it to the server. */
  instead: (path: string) => { status: number; body: object } | undefined;
  bulks: number;
  close(): Promise<void>;
}

export async function openFront(target: string): Promise<Front> {
  const server: Server = createServer((asked, answer) => {
    if (front.away) return void asked.socket.destroy();
    if (front.hangs) return void front.hung++;
    const canned = front.instead(asked.url ?? '/');
    if (canned) {
      const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
      return void answer.writeHead(canned.status, headers).end(JSON.stringify(canned.body));
    }
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const bulk = asked.url?.includes('_bulk') ?? false;
      if (bulk) front.bulks++;
      if (bulk && front.refuseBulks > 0) {
        front.refuseBulks--;
        const type = 'es_rejected_execution_exception';
        const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
        answer.writeHead(429, headers).end(JSON.stringify({ error: { type, reason: 'queue full' }, status: 429 }));
        return;
      }
      const half = bulk && front.halveBulks > 0;
      if (half) front.halveBulks--;
      const body = Buffer.concat(chunks);
      forward(
        asked.method ?? 'GET',
        asked.url ?? '/',
        asked.headers,
        half ? firstHalf(body) : body,
        (status, headers, text) => {
          answer.writeHead(status, headers).end(half ? refuseRest(text, linesOf(body)) : text);
        },
      );
    });
  });
  const forward = (
    method: string,
    path: string,
    headers: Record<string, string | string[] | undefined>,
    body: Buffer,
    done: (status: number, headers: Record<string, string>, text: string) => void,
  ) => {
    const { host: _, connection: _c, 'content-length': _l, 'accept-encoding': _e, ...rest } = headers;
    const onward = request(new URL(path, target), { method, headers: rest }, (got) => {
      let text = '';
      got.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      got.on('end', () => {
        const type = String(got.headers['content-type'] ?? 'application/json');
        done(got.statusCode ?? 500, { 'content-type': type, 'x-elastic-product': 'Elasticsearch' }, text);
      });
    });
    onward.on('error', () => done(503, { 'content-type': 'application/json' }, '{}'));
    onward.end(body);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: Front = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuseBulks: 0,
    halveBulks: 0,
    away: false,
    hangs: false,
    hung: 0,
    instead: () => undefined,
    bulks: 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return front;
}

/** Bulks of puts only: two lines each. */
const linesOf = (body: Buffer) => body.toString().trimEnd().split('\n').length / 2;

function firstHalf(body: Buffer): Buffer {
  const lines = body.toString().trimEnd().split('\n');
  return Buffer.from(`${lines.slice(0, 2 * Math.ceil(lines.length / 4)).join('\n')}\n`);
}

function refuseRest(text: string, wanted: number): string {
  const answer = JSON.parse(text) as { errors: boolean; items: object[] };
  const error = { type: 'es_rejected_execution_exception', reason: 'queue full' };
  while (answer.items.length < wanted) answer.items.push({ index: { status: 429, error } });
  return JSON.stringify({ ...answer, errors: true });
}
