import { join } from 'node:path';
import type { DocumentIndex, FileCatalogue } from '@kith/documents';
import type { PeerStore } from '@kith/membership';
import { type Clock, createHttpServer, type Log, type Startable } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'undici';
import { requireAccess } from './access.ts';
import { openBlobStore } from './blob-store.ts';
import { createChanges } from './changes.ts';
import type { ExchangeSettings } from './config.ts';
import { createDocumentFiles } from './document-files.ts';
import { createEventStreams } from './event-stream.ts';
import { createFileQueue } from './file-queue.ts';
import { createIndexing } from './indexing.ts';
import { createLedger } from './ledger.ts';
import { page } from './page.ts';
import { createReader } from './reader.ts';
import { contentRoutes } from './routes/content.ts';
import { documentRoutes } from './routes/documents.ts';
import { eventRoutes } from './routes/events.ts';
import { peerSearchRoutes } from './routes/peer-search.ts';
import { searchRoutes } from './routes/search.ts';
import { shareRoutes } from './routes/shares.ts';
import { statusRoutes } from './routes/status.ts';
import { createSearchAll } from './search-all.ts';
import { createShares } from './shares.ts';
import { createTidying } from './tidying.ts';
import { createUploads } from './uploads.ts';

export { type ExchangeSettings, exchangeSettings } from './config.ts';

/** How long requests that are under way may take when the exchange stops, in ms: a download goes on with a range. */
const GRACE_MS = 1_000;

export interface ExchangeOptions {
  readonly settings: ExchangeSettings;
  readonly self: { readonly id: NodeId; readonly name: string };
  readonly internalKey: string;
  readonly peers: PeerStore;
  readonly documents: DocumentIndex;
  readonly files: FileCatalogue;
  readonly clock: Clock;
  readonly log: Log;
}

/** The information interchange: documents, shared folders, search here and over all trusted peers. */
export function createExchange(options: ExchangeOptions): Startable & { port(): number } {
  const { settings, self, internalKey, peers, documents: index, files, clock, log } = options;
  const { dataDirectory, uploadLimit, peerTimeoutMs, searchTimeoutMs } = settings;
  const app = createHttpServer({
    log,
    ready: async () => void (await index.statistics()),
    // An upload may take as long as it moves on: its route has a limit of its own.
    fastify: { requestTimeout: 0 },
  });
  let started: { stop(): Promise<void> } | undefined;

  return {
    name: 'exchange',
    async start() {
      const blobs = await openBlobStore(join(dataDirectory, 'blobs'));
      const gateway = new Pool(settings.gatewayUrl, {
        connections: 64,
        pipelining: 1,
        allowH2: false,
      });
      const changes = createChanges({ index, peers, clock, log });
      const onChange = () => changes.note();
      const ledger = createLedger({ index, files, onChange, onUploadsGone: (hash) => blobs.remove(hash) });
      const reader = createReader({ clock, log });
      const queue = createFileQueue({ clock });
      const indexing = createIndexing({ queue, reader, ledger, clock, log, rootOf: (source) => shares.rootOf(source) });
      const shares = createShares({
        ...{ files, queue, indexing, ledger, clock, log, dataDirectory, onChange },
        rescanMs: settings.rescanMinutes * 60_000,
        fromStart: settings.share,
      });
      const uploads = createUploads({ blobs, reader, ledger, files, clock, limit: uploadLimit });
      const tidying = createTidying({ files, ledger, blobs, uploads, queue, clock, log });
      const documentFiles = createDocumentFiles({ files, blobs, shares });
      const timing = { peerTimeoutMs, searchTimeoutMs, clock, log };
      const searchAll = createSearchAll({ self, internalKey, index, peers, gateway, ...timing });
      const streams = createEventStreams({ clock });

      requireAccess(app, internalKey);
      await app.register(documentRoutes, { index, files, ledger, shares, uploads, blobs, uploadLimit });
      await app.register(contentRoutes, { index, documentFiles });
      await app.register(shareRoutes, { shares });
      const queued = () => queue.size() + indexing.working();
      await app.register(statusRoutes, { name: self.name, index, files, shares, queued });
      await app.register(eventRoutes, { changes, shares, streams });
      await app.register(searchRoutes, { searchAll, streams, log });
      await app.register(peerSearchRoutes, { index, clock, perSecond: settings.peerSearchRate });
      await app.register(page, { directory: settings.pageDirectory });

      indexing.start();
      changes.start();
      started = {
        async stop() {
          queue.close();
          streams.closeAll();
          await closeWithin(GRACE_MS, app);
          await shares.stop();
          await Promise.all([indexing.stop(), tidying.stop(), reader.close(), changes.stop()]);
          await gateway.destroy();
        },
      };
      try {
        await shares.start();
        tidying.start();
        await app.listen({ host: settings.exchangeBind, port: settings.exchangePort });
      } catch (error) {
        await started.stop();
        throw error;
      }
    },
    async stop() {
      await started?.stop();
    },
    port() {
      const at = app.server.address();
      if (at === null || typeof at === 'string') throw new Error('the exchange is not started');
      return at.port;
    },
  };
}

async function closeWithin(graceMs: number, app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
  await app.close();
  clearTimeout(cut);
}
