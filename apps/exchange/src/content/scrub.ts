import { join } from 'node:path';
import type { FileCatalogue, SharedFile } from '@kith/documents';
import { createDuty, type ReplicaRegistry } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import { z } from 'zod';
import { filesOf, UPLOAD_SOURCE } from '../index/ledger.ts';
import { readJson, replaceFile } from '../json-file.ts';
import type { DocumentFiles } from './document-files.ts';

/** What is read a second at most, in bytes: a terabyte in three days, and nobody notices. */
export const SCRUB_BYTES_PER_SECOND = 4 * 1024 * 1024;
/** Begins so long after the start, in ms, and with a new round so long after the last began. */
export const SCRUB_AFTER_MS = 5 * 60_000;
export const SCRUB_EVERY_MS = 7 * 86_400_000;
const NOTED_EVERY_MS = 60_000;

const stateSchema = z.object({
  begunAt: z.number(),
  after: z.object({ source: z.string(), path: z.string() }).optional(),
});

export interface ScrubOptions {
  readonly id: string;
  readonly registry: ReplicaRegistry | undefined;
  readonly files: FileCatalogue;
  readonly documentFiles: Pick<DocumentFiles, 'check'>;
  /** Whether there is nothing else to do; looked at before each file. */
  readonly isIdle: () => boolean;
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Goes round all contents at a gentle pace and compares them with their hashes, so that a disk that forgets is noticed
 * while others still have a good copy. One replica at a time; where it was stands in `scrub.json`.
 */
export function createScrub(options: ScrubOptions) {
  const { id, registry, files, documentFiles, isIdle, dataDirectory, clock, log } = options;
  const stateFile = join(dataDirectory, 'scrub.json');
  const soon = new Map<string, SharedFile>();
  let wake = new AbortController();

  async function check(file: SharedFile, signal: AbortSignal): Promise<void> {
    while (!isIdle() && !signal.aborted) await rest(1_000, signal);
    const pace = (bytes: number) => rest((bytes / SCRUB_BYTES_PER_SECOND) * 1_000, signal);
    if (file.hash !== undefined && !signal.aborted) await documentFiles.check(file, { pace, signal });
  }
  const rest = (ms: number, signal: AbortSignal) => clock.sleep(ms, signal).catch(() => {});

  async function checkSoon(signal: AbortSignal): Promise<void> {
    for (const [key, file] of soon) {
      soon.delete(key);
      await check(file, signal);
    }
  }

  async function round(signal: AbortSignal): Promise<void> {
    const before = await readJson(stateFile, stateSchema);
    const begunAt = before?.after ? before.begunAt : clock.now();
    const from = before?.after;
    let notedAt = clock.monotonic();
    const sources = [UPLOAD_SOURCE, ...(await files.listFolders()).map((folder) => folder.id)].sort();
    for (const source of sources.filter((one) => from === undefined || one >= from.source)) {
      for await (const file of filesOf(files, source)) {
        if (signal.aborted) return;
        if (from?.source === source && file.path <= from.path) continue;
        await checkSoon(signal);
        await check(file, signal);
        if (signal.aborted || clock.monotonic() - notedAt < NOTED_EVERY_MS) continue;
        notedAt = clock.monotonic();
        await note({ begunAt, after: { source, path: file.path } });
      }
    }
    await note({ begunAt });
  }
  const note = (state: z.infer<typeof stateSchema>) => replaceFile(stateFile, JSON.stringify(state)).catch(() => {});

  async function work(signal: AbortSignal): Promise<void> {
    await rest(SCRUB_AFTER_MS, signal);
    while (!signal.aborted) {
      await checkSoon(signal);
      const state = await readJson(stateFile, stateSchema);
      const waitMs = state === undefined || state.after ? 0 : state.begunAt + SCRUB_EVERY_MS - clock.now();
      if (waitMs <= 0 || waitMs > SCRUB_EVERY_MS) await round(signal);
      else {
        wake = new AbortController();
        await rest(Math.min(waitMs, 3_600_000), AbortSignal.any([signal, wake.signal]));
      }
    }
  }

  const duty = createDuty({
    ...{ registry, name: 'scrub', holder: id, clock, work },
    whileAway: 'stop',
    onError: (error) => log.warn({ err: error }, 'checking the contents broke off'),
  });
  return {
    start: () => duty.start(),
    stop: () => duty.stop(),
    /** Has a file checked before the others, because a part of it was given unchecked. */
    checkSoon(file: SharedFile): void {
      if (soon.size < 100) soon.set(`${file.source}\n${file.path}`, file);
      wake.abort('a file');
    },
  };
}
