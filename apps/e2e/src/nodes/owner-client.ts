import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import {
  type ComparisonView,
  comparisonViewSchema,
  type DeviceView,
  devicesViewSchema,
  type EventView,
  eventsViewSchema,
  type NodeView,
  nodeViewSchema,
  type PeerView,
  peersViewSchema,
  type SearchPage,
  searchPageSchema,
} from '@kith/wire';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
  json(): unknown;
}

/** Where a node's gateway is reached: a loopback address, or a unix socket that leads into its namespace. */
export type Door = { readonly socketPath: string } | { readonly host: string; readonly port: number };

export interface AskOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

/** What a node's owner does, over the node's own HTTP API, every answer checked. */
export interface OwnerClient {
  ask(path: string, options?: AskOptions): Promise<Answer>;
  node(): Promise<NodeView>;
  peers(): Promise<PeerView[]>;
  devices(): Promise<DeviceView[]>;
  events(): Promise<EventView[]>;
  trust(peer: string, level?: 'trusted' | 'pending' | 'blocked'): Promise<void>;
  /** Opens the comparison of numbers with a peer; `comparison` has the number once its owner has opened it, too. */
  openComparison(peer: string): Promise<ComparisonView>;
  comparison(): Promise<ComparisonView>;
  saySame(peer: string, number: string): Promise<ComparisonView>;
  post(title: string, text: string): Promise<string>;
  search(words: string, parameters?: Record<string, string>): Promise<SearchPage>;
}

const comparisonPath = (peer: string) => `/_kith/peers/${encodeURIComponent(peer)}/comparison`;

/** `data`: the node's data directory, whose token is shown; without it the owner is known by the kernel. */
export function createOwnerClient(door: Door, data?: string): OwnerClient {
  const ask = (path: string, options: AskOptions = {}) =>
    askOnce(door, path, data === undefined ? options : { ...options, headers: { ...shown(data), ...options.headers } });
  const wanted = async (path: string, options?: AskOptions) => {
    const answer = await ask(path, options);
    if (answer.status >= 300)
      throw new Error(`${path} answered ${answer.status}: ${answer.body.toString().slice(0, 300)}`);
    return answer.body.length > 0 ? answer.json() : undefined;
  };
  return {
    ask,
    node: async () => nodeViewSchema.parse(await wanted('/_kith/node')),
    peers: async () => peersViewSchema.parse(await wanted('/_kith/peers')).peers,
    devices: async () => devicesViewSchema.parse(await wanted('/_kith/devices')).devices,
    events: async () => eventsViewSchema.parse(await wanted('/_kith/events?limit=1000')).events,
    trust: async (peer, trust = 'trusted') => {
      await wanted(`/_kith/peers/${encodeURIComponent(peer)}/trust`, { method: 'POST', body: { trust } });
    },
    openComparison: async (peer) =>
      comparisonViewSchema.parse(await wanted(comparisonPath(peer), { method: 'POST', body: {} })),
    comparison: async () => comparisonViewSchema.parse(await wanted('/_kith/comparison')),
    saySame: async (peer, number) => {
      const body = { same: true, number };
      return comparisonViewSchema.parse(await wanted(`${comparisonPath(peer)}/answer`, { method: 'POST', body }));
    },
    post: async (title, text) => {
      const answer = (await wanted('/api/documents', { method: 'POST', body: { title, text } })) as {
        documents: { hash: string }[];
      };
      const hash = answer.documents[0]?.hash;
      if (hash === undefined) throw new Error(`nothing was stored: ${JSON.stringify(answer)}`);
      return hash;
    },
    search: async (words, parameters = {}) =>
      searchPageSchema.parse(await wanted(`/api/search?${new URLSearchParams({ q: words, ...parameters })}`)),
  };
}

const shown = (data: string) => ({
  authorization: `Bearer ${readFileSync(join(data, 'owner-token'), 'utf8').trim()}`,
});

function askOnce(
  door: Door,
  path: string,
  { method = 'GET', body, headers = {}, timeoutMs = 100_000 }: AskOptions = {},
): Promise<Answer> {
  const payload = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const typed = payload && !Buffer.isBuffer(body) ? { 'content-type': 'application/json' } : {};
  return new Promise((resolve, reject) => {
    const host = 'port' in door ? `${door.host}:${door.port}` : 'localhost:5805';
    const asked = request(
      { ...door, path, method, agent: false, headers: { host, ...typed, ...headers } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const whole = Buffer.concat(parts);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: whole,
            json: () => JSON.parse(whole.toString()),
          });
        });
      },
    );
    asked.setTimeout(timeoutMs, () => asked.destroy(new Error(`${method} ${path}: no answer within ${timeoutMs} ms`)));
    asked.on('error', reject);
    asked.end(payload);
  });
}
