import { Worker } from 'node:worker_threads';
import { type Clock, type Log, ServiceError } from '@kith/service';
import { READER_IDLE_MS, READER_MEMORY_MB, READER_SILENCE_MS, READER_START_MS } from '../config.ts';
import type { ReadAnswer, ReadRequest } from './file-reading.ts';
import type { ReaderReply } from './reader-thread.ts';

/** Reads files in a thread of its own, which is started when there is work and ended after a rest. */
export interface Reader {
  /** Never rejects but with `stopping`: a file that breaks the reading thread is reported as a problem of that file. */
  read(request: ReadRequest): Promise<ReadAnswer>;
  close(): Promise<void>;
}

export interface ReaderOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly silenceMs?: number;
  readonly idleMs?: number;
  /** Called when the thread ended while it had files to read. */
  readonly onBreak?: () => void;
  readonly memoryMb?: number;
  /** The thread's program; another one in tests of threads that break. */
  readonly program?: URL;
}

interface Waiting {
  readonly request: ReadRequest;
  /** Whether the thread broke once while it had this file among others: it is then read alone. */
  readonly suspect: boolean;
  readonly resolve: (answer: ReadAnswer) => void;
  readonly reject: (error: Error) => void;
}

const BROKEN: ReadAnswer = {
  problem: 'failed',
  message: 'Its content cannot be taken apart: it takes too long or too much memory.',
};

export function createReader(options: ReaderOptions): Reader {
  const { clock, log, silenceMs = READER_SILENCE_MS, idleMs = READER_IDLE_MS, memoryMb = READER_MEMORY_MB } = options;
  const program = options.program ?? new URL('./reader-thread.ts', import.meta.url);
  const sent = new Map<number, Waiting>();
  const suspects: Waiting[] = [];
  let alone = false;
  const held: Waiting[] = [];
  let worker: Worker | undefined;
  let lastSign = 0;
  /** Whether the thread has begun to work; no file is to blame for what its start takes. */
  let isUp = false;
  let nextId = 1;
  let closed = false;
  let watching: AbortController | undefined;

  const start = () => {
    isUp = false;
    const thread = new Worker(program, {
      name: 'kith-reader',
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    thread.unref();
    thread.on('message', ({ id, answer }: ReaderReply) => {
      lastSign = clock.monotonic();
      isUp = true;
      if (answer !== undefined) settle(id, answer);
    });
    thread.on('error', (error) => log.warn({ err: error }, 'the reading thread broke'));
    thread.on('exit', () => onExit(thread));
    watching = new AbortController();
    void watchOver(thread, watching.signal);
    return thread;
  };

  const send = (waiting: Waiting) => {
    worker ??= start();
    if (sent.size === 0) lastSign = clock.monotonic();
    const id = nextId++;
    sent.set(id, waiting);
    worker.postMessage({ id, request: waiting.request });
  };

  const settle = (id: number, answer: ReadAnswer) => {
    const waiting = sent.get(id);
    sent.delete(id);
    waiting?.resolve(answer);
    if (sent.size === 0) next();
  };

  /** Suspects go one by one, everything else together. */
  const next = () => {
    alone = false;
    const suspect = suspects.shift();
    if (suspect) {
      alone = true;
      send(suspect);
    } else for (const waiting of held.splice(0)) send(waiting);
  };

  const onExit = (thread: Worker) => {
    if (worker !== thread) return;
    worker = undefined;
    watching?.abort();
    const lost = [...sent.values()];
    sent.clear();
    if (lost.length > 0 && !closed) options.onBreak?.();
    for (const waiting of lost) {
      if (closed) waiting.reject(stopping());
      else if (waiting.suspect || lost.length === 1) waiting.resolve(BROKEN);
      else suspects.push({ ...waiting, suspect: true });
    }
    if (!closed) next();
  };

  /** Ends a thread that is stuck in a file, and one that has nothing to do. */
  async function watchOver(thread: Worker, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(Math.min(silenceMs, idleMs) / 4, signal).catch(() => {});
      const quiet = clock.monotonic() - lastSign;
      const limit = sent.size === 0 ? idleMs : isUp ? silenceMs : READER_START_MS;
      if (!signal.aborted && quiet > limit) await thread.terminate();
    }
  }

  return {
    read: (request) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(stopping());
        const waiting = { request, suspect: false, resolve, reject };
        if (alone || suspects.length > 0) held.push(waiting);
        else send(waiting);
      }),
    close: async () => {
      closed = true;
      for (const waiting of [...held.splice(0), ...suspects.splice(0)]) waiting.reject(stopping());
      const thread = worker;
      await thread?.terminate();
      if (thread) onExit(thread);
    },
  };
}

const stopping = () => new ServiceError('stopping', 'This node is stopping: try again when it runs.');
