import { join } from 'node:path';
import type { NewDocument, SharedFile } from '@kith/documents';
import { type Clock, codeOf, type Log } from '@kith/service';
import { BATCH_BYTES, BATCH_FILES, BIG_FILE_MS, BIG_FILES_MAX, FILE_MAX_BYTES, SETTLE_MS } from '../config.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { nameOf } from '../reading/clean-label.ts';
import { isProblem, type ReadContent, type ReadProblem } from '../reading/file-reading.ts';
import type { Reader } from '../reading/reader.ts';
import type { ShareTree } from '../tree/share-tree.ts';
import type { FileQueue, Waiting } from './file-queue.ts';
import type { Entry, Ledger } from './ledger.ts';
import { DEATHS_MAX, type ReadingMarks } from './reading-marks.ts';

export interface IndexingOptions {
  readonly queue: FileQueue;
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly marks: ReadingMarks;
  /** A share that is there now; undefined where it is not: its files are then left as they are. */
  readonly treeOf: (source: string) => ShareTree | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Works through the queue: reads files, a batch at a time, and writes down what they hold. */
export interface Indexing {
  start(): void;
  stop(): Promise<void>;
  has(source: string): boolean;
  /** Resolves when nothing of this share is being worked on any more. */
  leave(source: string): Promise<void>;
  working(): number;
}

/** Tries of a file that changes again and again before it is reported; it is tried on, more and more slowly. */
const TRIES_BEFORE_REPORT = 4;
const RETRY_MAX_MS = 30_000;
const LEFT_OUT: ReadProblem = {
  problem: 'failed',
  message: `This node ended ${DEATHS_MAX} times while it read this file, so it is left out: remove it, or save it anew to have it tried again.`,
};
const TOO_LARGE: ReadProblem = {
  problem: 'failed',
  message: `It has more than ${FILE_MAX_BYTES / 1024 ** 3} GiB, which would take hours to read: share it in parts.`,
};

export function createIndexing(options: IndexingOptions): Indexing {
  const { queue, reader, ledger, marks, treeOf, clock, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const atWork = new Set<readonly Waiting[]>();
  const lanes: Promise<void>[] = [];
  const alone = oneAtATime();

  async function smallFiles(): Promise<void> {
    let writing: Promise<void> = Promise.resolve();
    while (!signal.aborted) {
      const batch = await queue.take('small', { files: BATCH_FILES, bytes: BATCH_BYTES }, signal);
      if (batch.length === 0) continue;
      const { read, written } = work(batch, writing);
      await read;
      writing = written;
      // A batch is written while the next one is read, unless it is a heavy one: of these only one is in memory.
      if (batch.reduce((sum, { size }) => sum + size, 0) > BATCH_BYTES / 2) await writing;
    }
    await writing;
  }

  /** One after the other; but one that takes very long has others read beside it, so that none waits for hours. */
  async function bigFiles(): Promise<void> {
    const running = new Set<Promise<void>>();
    while (!signal.aborted) {
      const batch = await queue.take('big', { files: 1, bytes: 0 }, signal);
      if (batch.length === 0) continue;
      const run = work(batch).written.finally(() => running.delete(run));
      running.add(run);
      const rest = new AbortController();
      const long = clock.sleep(BIG_FILE_MS, AbortSignal.any([signal, rest.signal])).catch(() => {});
      await Promise.race([run, long]);
      rest.abort();
      if (running.size >= BIG_FILES_MAX) await Promise.race(running);
    }
    await Promise.all(running);
  }

  /** Reads files and writes down what they hold, once `before` is written. */
  function work(batch: readonly Waiting[], before?: Promise<void>): { read: Promise<unknown>; written: Promise<void> } {
    atWork.add(batch);
    const sorting = sort(batch);
    const reading = sorting.then(({ good }) => Promise.all(good.map((file) => lookInto(file).catch(() => undefined))));
    const finish = async () => {
      const [{ good, suspects, leftOut }, results] = await Promise.all([sorting, reading]);
      await before;
      await write(good, results);
      await marks.end(good);
      if (leftOut.length > 0) await write(leftOut, await Promise.all(leftOut.map((file) => problemOf(file, LEFT_OUT))));
      for (const file of suspects) await alone(() => readAlone(file));
    };
    return { read: reading, written: finish().finally(() => atWork.delete(batch)) };
  }

  /** What ended the process before is read by itself after the others, and at last not at all. */
  async function sort(batch: readonly Waiting[]) {
    const deaths = await marks.deathsOf(batch.map(markOf));
    const those = (wanted: (count: number) => boolean) => batch.filter((_, i) => wanted(deaths[i] ?? 0));
    const good = those((count) => count === 0);
    await marks.begin(good.map(markOf));
    return {
      good,
      suspects: those((count) => count > 0 && count < DEATHS_MAX),
      leftOut: those((count) => count >= DEATHS_MAX),
    };
  }

  async function readAlone(file: Waiting): Promise<void> {
    await marks.begin([markOf(file)]);
    await write([file], [await lookInto(file).catch(() => undefined)]);
    await marks.end([file]);
  }

  type Result = { entry: Entry } | { gone: true } | undefined;

  async function lookInto(file: Waiting): Promise<Result> {
    const tree = treeOf(file.source);
    if (tree === undefined) return undefined;
    if (file.kind === 'gone') return (await isThere(tree, file.path)) ? undefined : { gone: true };
    if (!tree.isShared(file.path, file.size)) return { gone: true };
    if (file.size > FILE_MAX_BYTES) return problemOf(file, TOO_LARGE);
    const { root } = tree;
    const answer = await reader.read({ file: join(root, file.path), root, name: nameOf(file.path) });
    if (isProblem(answer)) return problemOf(file, answer);
    const restedMs = clock.now() - answer.modifiedMs;
    // Times in the future come from other machines' clocks: nothing can be learnt from them.
    if (restedMs >= 0 && restedMs < SETTLE_MS) {
      void queue.offer({ ...file, size: answer.size, dueMs: clock.monotonic() + SETTLE_MS });
      return undefined;
    }
    return { entry: entryOf({ ...file, addedAt: clock.now() }, answer) };
  }

  async function problemOf(file: Waiting, answer: ReadProblem): Promise<Result> {
    if (answer.problem === 'gone') return { gone: true };
    if (answer.problem === 'changed') {
      const pause = Math.min(RETRY_MAX_MS, SETTLE_MS * 2 ** file.tries);
      void queue.offer({ ...file, tries: file.tries + 1, dueMs: clock.monotonic() + pause });
      if (file.tries !== TRIES_BEFORE_REPORT) return undefined;
    }
    const message = answer.problem === 'changed' ? 'It keeps changing: it is indexed when it rests.' : answer.message;
    const looked = await treeOf(file.source)
      ?.look(file.path)
      .catch(() => undefined);
    const { size, modifiedMs } = looked?.kind === 'file' ? looked : { size: file.size, modifiedMs: 0 };
    return { entry: failed({ ...file, addedAt: clock.now() }, { size, modifiedMs, message }) };
  }

  async function write(batch: readonly Waiting[], results: readonly Result[]): Promise<void> {
    const entries = results.flatMap((one) => (one && 'entry' in one ? [one.entry] : []));
    const gone = batch.filter((_, i) => {
      const result = results[i];
      return result !== undefined && 'gone' in result;
    });
    // A share that was taken away meanwhile is not written to again.
    const stays = ({ source }: { source: string }) => treeOf(source) !== undefined;
    for (let pause = 500; !signal.aborted; pause = Math.min(pause * 2, RETRY_MAX_MS)) {
      try {
        await ledger.record(entries.filter(({ file }) => stays(file)));
        if (gone.length > 0) await ledger.forget(gone.filter(stays));
        for (const { document } of entries) freeText(document);
        return;
      } catch (error) {
        log.warn({ err: error, code: codeOf(error) }, 'the index takes no documents just now: trying again');
        await clock.sleep(pause, signal).catch(() => {});
      }
    }
  }

  const has = (source: string) => [...atWork].some((batch) => batch.some((file) => file.source === source));

  return {
    start() {
      lanes.push(smallFiles(), bigFiles());
    },
    async stop() {
      stopping.abort();
      await Promise.all(lanes);
    },
    has,
    async leave(source) {
      while (has(source)) await clock.sleep(10);
      await marks.forget(source);
    },
    working: () => [...atWork].reduce((sum, batch) => sum + batch.length, 0),
  };
}

/** A folder's own key ends with `/`: it stands for a problem that is over. */
async function isThere(tree: ShareTree, path: string): Promise<boolean> {
  return !path.endsWith('/') && (await tree.look(path))?.kind === 'file';
}

interface Named {
  readonly source: string;
  readonly path: string;
  readonly addedAt: number;
}

const markOf = ({ source, path, size, modifiedMs }: Waiting) => ({ source, path, state: `${size} ${modifiedMs}` });

/** What is written down of a file that could be read. */
export function entryOf({ source, path, addedAt }: Named, content: ReadContent, name = nameOf(path)): Entry {
  const { hash, size, modifiedMs, mediaType, title, text } = content;
  const state = text === undefined ? 'named' : 'indexed';
  const file: SharedFile = { source, path, size, modifiedMs, hash, addedAt, state };
  const modifiedAt = Math.max(0, modifiedMs);
  const document: NewDocument = { hash, title: title ?? name, name, mediaType, size, modifiedAt, text: text ?? '' };
  return { file, document };
}

/** A long text is freed as soon as it is written: the garbage collector would leave many of them. */
export function freeText(document: NewDocument | undefined): void {
  if (document && typeof document.text !== 'string') (document.text.buffer as ArrayBuffer).transfer(0);
}

/** What is written down of a file that could not. */
export function failed(
  { source, path, addedAt }: Named,
  { size, modifiedMs, message }: { size: number; modifiedMs: number; message: string },
): Entry {
  return { file: { source, path, size, modifiedMs, addedAt, state: 'failed', problem: message } };
}
