import { join } from 'node:path';
import type { NewDocument, SharedFile } from '@kith/documents';
import { type Clock, codeOf, type Log } from '@kith/service';
import { nameOf } from './clean-label.ts';
import { BATCH_BYTES, BATCH_FILES, SETTLE_MS } from './config.ts';
import type { FileQueue, Waiting } from './file-queue.ts';
import { isProblem, type ReadContent, type ReadProblem } from './file-reading.ts';
import type { ShareTree } from './folders/share-tree.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { Reader } from './reader.ts';

export interface IndexingOptions {
  readonly queue: FileQueue;
  readonly reader: Reader;
  readonly ledger: Ledger;
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

export function createIndexing({ queue, reader, ledger, treeOf, clock, log }: IndexingOptions): Indexing {
  const stopping = new AbortController();
  const { signal } = stopping;
  const atWork = new Set<readonly Waiting[]>();
  const lanes: Promise<void>[] = [];

  async function lane(name: 'small' | 'big'): Promise<void> {
    const limit = name === 'big' ? { files: 1, bytes: 0 } : { files: BATCH_FILES, bytes: BATCH_BYTES };
    let writing: Promise<void> = Promise.resolve();
    while (!signal.aborted) {
      const batch = await queue.take(name, limit, signal);
      if (batch.length === 0) continue;
      atWork.add(batch);
      const results = await Promise.all(batch.map((file) => lookInto(file).catch(() => undefined)));
      await writing;
      writing = write(batch, results).finally(() => atWork.delete(batch));
      // The batch before is written while the next one is read, unless it is a heavy one: of these only one is in memory.
      if (batch.reduce((sum, { size }) => sum + size, 0) > BATCH_BYTES / 2) await writing;
    }
    await writing;
  }

  type Result = { entry: Entry } | { gone: true } | undefined;

  async function lookInto(file: Waiting): Promise<Result> {
    const tree = treeOf(file.source);
    if (tree === undefined) return undefined;
    if (file.kind === 'gone') return (await isThere(tree, file.path)) ? undefined : { gone: true };
    if (!tree.isShared(file.path, file.size)) return { gone: true };
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
      lanes.push(lane('small'), lane('big'));
    },
    async stop() {
      stopping.abort();
      await Promise.all(lanes);
    },
    has,
    async leave(source) {
      while (has(source)) await clock.sleep(10);
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
