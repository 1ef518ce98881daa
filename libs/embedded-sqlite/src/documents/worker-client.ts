import type { Worker } from 'node:worker_threads';
import { BadQueryError, IndexAwayError, IndexBusyError, IndexDiskFullError } from '@kith/documents';
import { type CallArguments, type CallName, type CallResult, type WorkerMessage, WRITE_CALLS } from './calls.ts';
import type { Recovery } from './database.ts';
import { DocumentsFileError } from './errors.ts';

/** Calls that may wait at once; more are refused. */
const CALLS_MAX = 10_000;
/** Text that is on its way to the worker at once, in UTF-16 units; more waits here, uncopied. */
const WEIGHT_MAX = 4_000_000;
/** A worker that ends this often within a minute is not started again before the minute is over. */
const DEATHS_MAX = 5;
const DEATHS_WITHIN_MS = 60_000;

export interface DocumentsLog {
  warn(fields: Record<string, unknown>, message: string): void;
}

interface Call {
  readonly id: number;
  readonly name: CallName;
  readonly parameters: readonly unknown[];
  readonly weight: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Calls to the worker thread, and its life: a worker that dies takes the calls that it had with it (`index_away`), and
 * the next one starts at once with those that still waited. `start` makes a worker; `damage` is why its file is broken.
 */
export function createDocumentsWorker(options: { start: (damage?: string) => Worker; log?: DocumentsLog | undefined }) {
  const { start, log } = options;
  const waiting: Call[] = [];
  const sent = new Map<number, Call>();
  let weight = 0;
  let lastId = 0;
  let worker: Worker | undefined;
  let unusable: Error | undefined;
  let damage: string | undefined;
  let closed: Promise<void> | undefined;
  let deaths: number[] = [];
  const idle: (() => void)[] = [];
  const opening = Promise.withResolvers<Recovery | undefined>();

  function launch(): void {
    const launched = start(damage);
    worker = launched;
    damage = undefined;
    launched.on('message', (message: WorkerMessage) => hear(message));
    launched.on('error', (error) => log?.warn({ err: error }, 'the thread of the document index broke'));
    launched.on('exit', () => died(launched));
  }

  function hear(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        unusable = undefined;
        if (message.recovery) log?.warn({ ...message.recovery }, DAMAGED);
        opening.resolve(message.recovery);
        return;
      case 'unusable':
        unusable = new DocumentsFileError(message.code as DocumentsFileError['code'], message.message);
        opening.reject(unusable);
        return;
      case 'damaged':
        damage = message.reason;
        return;
      default: {
        const call = sent.get(message.id);
        if (!call) return;
        sent.delete(message.id);
        weight -= call.weight;
        if (message.kind === 'result') call.resolve(message.value);
        else call.reject(errorOf(message.code, message.message));
        pump();
        settleIdle();
      }
    }
  }

  function died(which: Worker): void {
    if (which !== worker) return;
    worker = undefined;
    deaths = [...deaths.slice(-DEATHS_MAX), performance.now()];
    const reason = unusable?.message ?? damage ?? 'its thread ended';
    opening.reject(new IndexAwayError(`The document index did not start (${reason}).`));
    const lost = [...sent.values()];
    sent.clear();
    weight = 0;
    for (const call of lost)
      call.reject(new IndexAwayError(`The document index is away just now (${reason}): try again.`));
    pump();
    settleIdle();
  }

  /** Sends what may be sent, in order. Reads pass writes that wait for room. */
  function pump(): void {
    if (waiting.length === 0) return;
    if (!worker && !mayLaunch()) {
      const reason = unusable?.message ?? 'its thread ended again and again';
      for (const call of waiting.splice(0)) call.reject(new IndexAwayError(`The document index is away (${reason}).`));
      return;
    }
    if (!worker) launch();
    for (let i = 0; i < waiting.length; ) {
      const call = waiting[i];
      if (!call) return;
      const isWrite = WRITE_CALLS.has(call.name);
      if (isWrite && weight > 0 && weight + call.weight > WEIGHT_MAX) {
        i = waiting.findIndex(({ name }, at) => at > i && !WRITE_CALLS.has(name));
        if (i < 0) return;
        continue;
      }
      waiting.splice(i, 1);
      sent.set(call.id, call);
      weight += call.weight;
      worker?.postMessage({ id: call.id, name: call.name, parameters: call.parameters });
    }
  }

  function mayLaunch(): boolean {
    if (closed) return false;
    const recent = deaths.filter((at) => performance.now() - at < DEATHS_WITHIN_MS);
    return recent.length < DEATHS_MAX;
  }

  launch();
  return {
    /** Resolves when the database is open; with what was saved where it was damaged. Rejects where it cannot be used. */
    opened: opening.promise,

    call<N extends CallName>(name: N, ...parameters: CallArguments<N>): Promise<CallResult<N>> {
      if (closed) return Promise.reject(new IndexAwayError('The document index is closed.'));
      if (waiting.length + sent.size >= CALLS_MAX)
        return Promise.reject(new IndexBusyError('Too many calls wait for the document index: try again later.'));
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        const taken = resolve as (value: unknown) => void;
        waiting.push({ id, name, parameters, weight: weightOf(parameters[0]), resolve: taken, reject });
        pump();
      });
    },

    /** Lets what was called end, closes the file and ends the thread. */
    close(): Promise<void> {
      closed ??= end();
      return closed;
    },
  };

  async function end(): Promise<void> {
    if (waiting.length + sent.size > 0) await new Promise<void>((resolve) => idle.push(resolve));
    const last = worker;
    if (!last) return;
    worker = undefined;
    const exit = new Promise((resolve) => last.once('exit', resolve));
    last.postMessage({ name: 'close' });
    await exit;
  }

  function settleIdle(): void {
    if (waiting.length + sent.size === 0) for (const resolve of idle.splice(0)) resolve();
  }
}

function weightOf(parameter: unknown): number {
  if (!Array.isArray(parameter)) return 0;
  return parameter.reduce((sum: number, one: { text?: string }) => sum + 200 + (one?.text?.length ?? 0), 0);
}

function errorOf(code: string | undefined, message: string): Error {
  if (code === 'bad_query') return new BadQueryError(message);
  if (code === 'disk_full') return new IndexDiskFullError(message);
  if (code === 'index_away') return new IndexAwayError(message);
  return new Error(message);
}

const DAMAGED =
  'the document index was damaged: it was moved aside, and a new one made with what could be read of it; ' +
  'shared folders are indexed anew';
