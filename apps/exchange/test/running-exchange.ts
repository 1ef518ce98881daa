import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  createMemoryDocumentIndex,
  createMemoryFileCatalogue,
  type DocumentIndex,
  type FileCatalogue,
} from '@kith/documents';
import { createMemoryPeerStore, type PeerStore, type ReplicaRegistry } from '@kith/membership';
import { type Metrics, readSettings, silentLog, systemClock } from '@kith/service';
import { tempDirectory, waitFor } from '@kith/testing';
import { type NodeId, nodeIdSchema, type Share } from '@kith/wire';
import { createExchange, exchangeSettings } from '../src/app.ts';

export const KEY = 'the internal key of this test';
export const SELF: NodeId = nodeIdSchema.parse('a'.repeat(52));
export const idOf = (letter: string): NodeId => nodeIdSchema.parse(letter.repeat(52));

export interface Running {
  readonly url: string;
  readonly data: string;
  readonly peers: PeerStore;
  readonly index: DocumentIndex;
  readonly files: FileCatalogue;
  /** Asks as the owner unless headers say otherwise. */
  ask(path: string, options?: RequestInit): Promise<Response>;
  json<T>(path: string, options?: RequestInit): Promise<T>;
  post(title: string, text: string): Promise<string>;
  share(path: string): Promise<Share>;
  /** Waits until a shared folder was looked through and all its files were looked at. */
  settled(id: string): Promise<Share>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly data?: string;
  readonly env?: Record<string, string>;
  readonly peers?: PeerStore;
  readonly replicas?: ReplicaRegistry;
  readonly metrics?: Metrics;
  readonly documents?: { index: DocumentIndex; files: FileCatalogue };
}

/** An exchange on a free port of 127.0.0.1, stopped after the test. */
export async function startExchange(t: TestContext, options: StartOptions = {}): Promise<Running> {
  const data = options.data ?? join(tempDirectory(t), 'data');
  mkdirSync(data, { recursive: true });
  const settings = readSettings(exchangeSettings, {
    KITH_DATA: data,
    KITH_NAME: 'ana',
    KITH_EXCHANGE_PORT: '0',
    KITH_GATEWAY_URL: 'http://127.0.0.1:9',
    ...options.env,
  });
  const peers = options.peers ?? createMemoryPeerStore({ clock: systemClock });
  const index = options.documents?.index ?? createMemoryDocumentIndex();
  const files = options.documents?.files ?? createMemoryFileCatalogue();
  const exchange = createExchange({
    ...{ settings, peers, files, internalKey: KEY, clock: systemClock, log: silentLog },
    self: { id: SELF, name: 'ana' },
    documents: index,
    replicas: options.replicas,
    metrics: options.metrics,
  });
  await exchange.start();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= exchange.stop();
    return stopping;
  };
  t.after(stop);
  const url = `http://127.0.0.1:${exchange.port()}`;
  const ask = (path: string, { headers, ...init }: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { 'kith-key': KEY, 'kith-role': 'owner', ...headers } });
  const json = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const answer = await ask(path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  };
  const postJson = <T>(path: string, body: unknown) =>
    json<T>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  return {
    ...{ url, data, peers, index, files, ask, json, stop },
    async post(title, text) {
      const { documents } = await postJson<{ documents: { hash: string }[] }>('/api/documents', { title, text });
      return documents[0]?.hash ?? '';
    },
    share: (path) => postJson<Share>('/api/shares', { path }),
    settled: (id) =>
      waitFor(
        async () => {
          const { shares } = await json<{ shares: Share[] }>('/api/shares');
          return shares.find((one) => one.id === id && one.state === 'watching');
        },
        { what: 'the shared folder to be indexed', timeoutMs: 20_000 },
      ),
  };
}

export const asPeer = (id: NodeId = idOf('b')) => ({ 'kith-role': 'peer', 'kith-peer': id });
