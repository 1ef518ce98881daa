import type { DocumentIndex } from '@kith/documents';
import { type NodeStatus, type PeerStore, untilAborted } from '@kith/membership';
import { type Clock, every, type Log } from '@kith/service';
import { CHANGES_EVERY_MS, OTHERS_MS } from '../config.ts';

type FoldersStatus = NonNullable<NodeStatus['folders']>;

/** Tells what this node holds to those who show it: the pingback and other replicas, through the status, and open pages. */
export interface Changes {
  /** Something changed; told on soon, once for many calls. */
  note(): void;
  /** As last told, by this replica or another. */
  documents(): { count: number; version: number } | undefined;
  /** What the replica that has the duty of the folders told last. */
  folders(): FoldersStatus | undefined;
  /** Calls the listener after each change, until the returned function is called. */
  follow(listener: () => void): () => void;
  start(): void;
  stop(): Promise<void>;
}

export interface ChangesOptions {
  readonly index: DocumentIndex;
  readonly peers: PeerStore;
  /**
   * Where several replicas write one status: what is to be told of the folders, undefined while another replica has
   * their duty.
   */
  readonly replicated?: { readonly folders: () => Promise<FoldersStatus | undefined> } | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Pause before a status that could not be written is written again, in ms. */
const RETRY_MS = 2_000;

export function createChanges({ index, peers, replicated, clock, log }: ChangesOptions): Changes {
  const stopping = new AbortController();
  const { signal } = stopping;
  const listeners = new Set<() => void>();
  let documents: NodeStatus['documents'] | undefined;
  let folders: FoldersStatus | undefined;
  let isDue = true;
  let wake = new AbortController();
  let running: Promise<unknown> | undefined;
  const notify = () => {
    for (const listener of [...listeners]) listener();
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      if (!isDue) {
        wake = new AbortController();
        await untilAborted(AbortSignal.any([signal, wake.signal]));
        continue;
      }
      isDue = false;
      let pause = CHANGES_EVERY_MS;
      await tell().catch((error) => {
        log.debug({ err: error }, 'the count of documents could not be told yet');
        isDue = true;
        pause = RETRY_MS;
      });
      notify();
      await clock.sleep(pause, signal).catch(() => {});
    }
  }

  async function tell(): Promise<void> {
    const [{ documents: count, version }, ofFolders] = await Promise.all([index.statistics(), replicated?.folders()]);
    const isNews = documents?.count !== count || documents.version !== version;
    const isFolderNews = ofFolders !== undefined && !isEqual(ofFolders, folders);
    // Nobody notes that the last file was read, or that another replica wrote an older count at the same time.
    if (replicated && (isNews || isBusy(ofFolders))) isDue = true;
    if (!isNews && !isFolderNews) return;
    await peers.writeStatus({ documents: { count, version }, ...(isFolderNews ? { folders: ofFolders } : {}) });
    documents = { count, version };
    folders = ofFolders ?? folders;
  }

  async function lookAtOthers(): Promise<void> {
    const told = await peers.readStatus();
    if (isEqual(told.documents, documents) && isEqual(told.folders, folders)) return;
    documents = told.documents;
    folders = told.folders;
    notify();
  }

  return {
    note() {
      isDue = true;
      wake.abort('a change');
    },
    documents: () => documents,
    folders: () => folders,
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      const onError = (error: unknown) => log.debug({ err: error }, 'the status of the others could not be read');
      const looking = replicated && every(lookAtOthers, { intervalMs: OTHERS_MS, clock, signal, onError });
      running ??= Promise.all([run(), looking]);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const isEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const isBusy = (folders: FoldersStatus | undefined) =>
  folders !== undefined && (folders.queued > 0 || folders.shares.some(({ state }) => state === 'scanning'));
