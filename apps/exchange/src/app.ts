import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { DocumentIndex, FileCatalogue, SharedFile } from '@kith/documents';
import { createPresence, type PeerStore, type ReplicaRegistry } from '@kith/membership';
import {
  AuditTrail,
  type Clock,
  createHttpServer,
  errorAnswer,
  type Log,
  type Metrics,
  type Startable,
} from '@kith/service';
import type { NodeId, Share } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'undici';
import { DRAIN_MS, type ExchangeSettings } from './config.ts';
import { createDocumentFiles } from './content/document-files.ts';
import { createScrub } from './content/scrub.ts';
import { Drives } from './drives/drives.ts';
import { createFolderList } from './folders/folder-list.ts';
import { createShares } from './folders/shares.ts';
import { Health } from './health/health.ts';
import { requireAccess } from './http/access.ts';
import { auditRoutes } from './http/audit-routes.ts';
import { auditUses } from './http/audit-uses.ts';
import { createEventStreams } from './http/event-stream.ts';
import { page } from './http/page.ts';
import { contentRoutes } from './http/routes/content.ts';
import { documentRoutes } from './http/routes/documents.ts';
import { eventRoutes } from './http/routes/events.ts';
import { peerSearchRoutes } from './http/routes/peer-search.ts';
import { searchRoutes } from './http/routes/search.ts';
import { shareRoutes } from './http/routes/shares.ts';
import { statusRoutes } from './http/routes/status.ts';
import { createChanges } from './index/changes.ts';
import { createFileQueue } from './index/file-queue.ts';
import { createIndexing } from './index/indexing.ts';
import { createLedger } from './index/ledger.ts';
import { createOneWriter } from './index/one-writer.ts';
import { createReadingMarks } from './index/reading-marks.ts';
import { createReader } from './reading/reader.ts';
import { createFolderDuty } from './replicas/folder-duty.ts';
import { ownAddress } from './replicas/own-address.ts';
import { createTidying } from './replicas/tidying.ts';
import { countExchange } from './search/exchange-metrics.ts';
import { createSearchAll } from './search/search-all.ts';
import { createTrustedPeers } from './search/trusted-peers.ts';
import { OwnData } from './tree/own-data.ts';
import { openBlobStore } from './uploads/blob-store.ts';
import { Damage } from './uploads/damage.ts';
import { createUploadLabels } from './uploads/upload-labels.ts';
import { createUploadRestoring } from './uploads/upload-restoring.ts';
import { createUploads } from './uploads/uploads.ts';

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
  /** Where the replicas of this exchange are listed; without it this is the only one. */
  readonly replicas?: ReplicaRegistry | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Without it nothing is counted. */
  readonly metrics?: Metrics | undefined;
}

/** The information interchange: documents, shared folders, search here and over all trusted peers. */
export function createExchange(options: ExchangeOptions): Startable & { port(): number } {
  const { settings, self, internalKey, peers, documents: index, files, replicas, clock, log } = options;
  const { dataDirectory, uploadLimit, peerTimeoutMs, searchTimeoutMs } = settings;
  const app = createHttpServer({
    log,
    ready: async () => void (await index.statistics()),
    // An upload may take as long as it moves on: its route has a limit of its own.
    // Whoever still has a connection when it closes is answered to the end.
    fastify: { requestTimeout: 0, return503OnClosing: false },
  });
  const health = new Health({ dataDirectory, peers, clock, log });
  const { reserve } = health;
  app.addHook('onError', async (_request, _reply, error) => {
    if (errorAnswer(error).status >= 500) health.suspect();
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
      const id = randomBytes(8).toString('hex');
      const oneWriter = createOneWriter({ registry: replicas, holder: id, clock });
      const onChange = () => changes.note();
      const labels = createUploadLabels(blobs);
      const ledger = createLedger({
        ...{ index, files, oneWriter, onChange },
        async beforeUploadsGo(uploads) {
          for (const { hash = '', path } of uploads) await labels.remove(hash, path);
        },
        onUploadsGone: (hash, isHeld) => blobs.remove(hash, isHeld),
      });
      const reader = createReader({ clock, log, onBreak: () => health.readerEnded() });
      const queue = createFileQueue({ clock });
      // Nothing of a folder is read or written once its duty is another replica's.
      const treeOf = (source: string) => (duty.isHeld() ? shares.treeOf(source) : undefined);
      const marks = createReadingMarks({ dataDirectory });
      const indexing = createIndexing({ queue, reader, ledger, marks, clock, log, treeOf });
      const drives = new Drives({ clock, log });
      const ownData = await OwnData.open(dataDirectory);
      const folderList = createFolderList({ files, oneWriter, dataDirectory, log });
      const shares = createShares({
        ...{ drives, files, folderList, queue, indexing, ledger, clock, log, ownData, onChange },
        rescanMs: settings.rescanMinutes * 60_000,
        fromStart: settings.share,
        onNewList: () => duty.tellNewList(),
        toldOf: (share) => changes.folders()?.shares.find((one) => one.id === share),
      });
      const forUploads = { blobs, labels, reader, ledger, files, marks, clock, log };
      const uploads = createUploads({ ...forUploads, limit: uploadLimit });
      const restoring = createUploadRestoring(forUploads);
      const tidying = createTidying({ files, ledger, blobs, restoring, queue, clock, log });
      const duty = createFolderDuty({ id, registry: replicas, peers, shares, index, tidying, clock, log });
      const queuedHere = () => queue.size() + indexing.working();
      const folders = async () =>
        duty.isHeld() ? { queued: queuedHere(), shares: (await shares.list()).map(stateOf) } : undefined;
      const changes = createChanges({ index, peers, replicated: replicas && { folders }, clock, log });
      changes.follow(() => duty.noteVersion(changes.documents()?.version ?? 0));
      const damage = new Damage({ files, ledger, blobs, peers, log });
      const onUnchecked = (file: SharedFile) => scrub.checkSoon(file);
      const documentFiles = createDocumentFiles({ files, blobs, drives, shares, damage, onUnchecked });
      const isIdle = () => queuedHere() === 0;
      const scrub = createScrub({
        ...{ id, registry: replicas, files, documentFiles, isIdle, dataDirectory, clock, log },
      });
      const timing = { peerTimeoutMs, searchTimeoutMs, clock, log };
      const trustedPeers = createTrustedPeers({ peers, clock, log });
      const uncounted = createSearchAll({ self, internalKey, index, trustedPeers, gateway, ...timing });
      const { metrics } = options;
      const counted = metrics && countExchange({ metrics, index, queued: queuedHere, searchAll: uncounted });
      const searchAll = counted ?? uncounted;
      const streams = createEventStreams({ clock });

      const audit = new AuditTrail({ dataDirectory, level: settings.audit, clock, log });
      requireAccess(app, internalKey);
      auditUses(app, audit);
      await app.register(auditRoutes, { dataDirectory, level: settings.audit, peers, clock });
      await app.register(documentRoutes, { index, files, ledger, shares, uploads, blobs, uploadLimit, reserve });
      await app.register(contentRoutes, { index, documentFiles });
      await app.register(shareRoutes, { shares, audit, reserve });
      const queued = () => (duty.isHeld() ? queuedHere() : (changes.folders()?.queued ?? 0));
      await app.register(statusRoutes, { name: self.name, index, files, shares, queued, health, clock });
      await app.register(eventRoutes, { changes, shares, streams });
      await app.register(searchRoutes, { searchAll, streams, log });
      await app.register(peerSearchRoutes, { index, clock, perSecond: settings.peerSearchRate });
      await app.register(page, { directory: settings.pageDirectory });

      indexing.start();
      changes.start();
      audit.start();
      trustedPeers.start();
      let leave = async () => false;
      started = {
        async stop() {
          // The others take over at once; and this one serves on until every gateway knows that it leaves.
          await Promise.all([
            duty.stop(),
            scrub.stop(),
            leave().then((isKnown) => (isKnown ? clock.sleep(DRAIN_MS) : undefined)),
          ]);
          trustedPeers.stop();
          await health.stop();
          queue.close();
          streams.closeAll();
          await closeWithin(GRACE_MS, app);
          // First: whatever waits for a drive that hangs need not any more.
          drives.stop();
          await shares.stop();
          await Promise.all([indexing.stop(), reader.close(), changes.stop(), audit.stop()]);
          await gateway.destroy();
        },
      };
      await health.start();
      duty.start();
      await shares.start();
      await app.listen({ host: settings.exchangeBind, port: settings.exchangePort });
      if (replicas === undefined) return;
      const address = ownAddress({
        given: settings.exchangeAddress,
        bind: settings.exchangeBind,
        port: portOf(app),
        interfaces: networkInterfaces(),
      });
      const presence = createPresence({ registry: replicas, replica: { service: 'exchange', id, address }, clock });
      leave = presence.leave;
      await presence.start();
      log.info({ replica: id, address }, 'registered as a replica');
    },
    async stop() {
      await started?.stop();
    },
    ready: () => health.requireWell(),
    port: () => portOf(app),
  };
}

function portOf(app: FastifyInstance): number {
  const at = app.server.address();
  if (at === null || typeof at === 'string') throw new Error('the exchange is not started');
  return at.port;
}

/** What other replicas are told of a share: small, for it is written often. */
function stateOf({ id, state, problem, leftOut }: Share) {
  const some = leftOut && { count: leftOut.count, some: leftOut.some.slice(0, LEFT_OUT_TOLD) };
  return { id, state, ...(problem === undefined ? {} : { problem }), ...(some ? { leftOut: some } : {}) };
}
const LEFT_OUT_TOLD = 20;

async function closeWithin(graceMs: number, app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
  await app.close();
  clearTimeout(cut);
}
