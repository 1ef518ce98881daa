import type { DocumentIndex } from '@kith/documents';
import type { PeerStore } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import { CHANGES_EVERY_MS } from './config.ts';

/** Tells what this node holds to those who show it: the pingback, through the status, and open pages. */
export interface Changes {
  /** Something changed; told on soon, once for many calls. */
  note(): void;
  /** As last told. */
  documents(): { count: number; version: number } | undefined;
  /** Calls the listener after each change, until the returned function is called. */
  follow(listener: () => void): () => void;
  start(): void;
  stop(): Promise<void>;
}

export interface ChangesOptions {
  readonly index: DocumentIndex;
  readonly peers: PeerStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Pause before a status that could not be written is written again, in ms. */
const RETRY_MS = 2_000;

export function createChanges({ index, peers, clock, log }: ChangesOptions): Changes {
  const stopping = new AbortController();
  const { signal } = stopping;
  const listeners = new Set<() => void>();
  let told: { count: number; version: number } | undefined;
  let isDue = true;
  let wake = new AbortController();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      if (!isDue) {
        wake = new AbortController();
        await untilAborted(AbortSignal.any([signal, wake.signal]));
        continue;
      }
      isDue = false;
      await tell().catch((error) => {
        log.debug({ err: error }, 'the count of documents could not be told yet');
        isDue = true;
      });
      for (const listener of [...listeners]) listener();
      await clock.sleep(isDue ? RETRY_MS : CHANGES_EVERY_MS, signal).catch(() => {});
    }
  }

  async function tell(): Promise<void> {
    const { documents: count, version } = await index.statistics();
    if (told?.count === count && told.version === version) return;
    await peers.writeStatus({ documents: { count, version } });
    told = { count, version };
  }

  return {
    note() {
      isDue = true;
      wake.abort('a change');
    },
    documents: () => told,
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
