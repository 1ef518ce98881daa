import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { type Clock, type Log, ServiceError } from '@kith/service';
import { DRIVE_PROBE_MS, DRIVE_SILENCE_MS } from '../config.ts';
import type { FileFacts, Place } from './drive-calls.ts';
import type { Answer, CallName, FromDrives, Given, ToDrives } from './drive-messages.ts';
import { DriveTurns } from './drive-turns.ts';

export interface DrivesOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly silenceMs?: number;
  /** The process's program; another one in tests of processes that break. */
  readonly program?: URL;
}

/** A file that is open in the process of the drives; worth nothing once that process has ended. */
export interface DriveFile extends FileFacts {
  readonly drive: string;
  readonly handle: number;
  readonly process: ChildProcess;
}

export interface WatchListener {
  /** A path that something happened to; one that ends with `/` means anything in that folder. */
  onHint(path: string): void;
  onLimit(): void;
  /** No change is told any more. */
  onLost(): void;
}

interface Pending {
  readonly drive: string;
  readonly call: CallName;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  isLate: boolean;
}

/** Threads of the process that wait for drives: a drive that hangs holds at most eight of them. */
const THREADS = '64';
const FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1', '--v8-pool-size=1'];
/** Of the C library: one heap, or each of so many threads would keep one of its own. */
const HEAPS = '1';

/**
 * All access to shared folders, in a process of its own and bounded in time: a network drive that hangs would stop
 * whatever thread asks it, the main thread or those that every file of the node needs. `drive` is the id of a share. A
 * drive that was silent is asked once a minute until it answers.
 */
export class Drives {
  readonly #options: DrivesOptions;
  readonly #silenceMs: number;
  readonly #pending = new Map<number, Pending>();
  readonly #turns = new DriveTurns();
  readonly #listeners = new Map<number, WatchListener>();
  #process: ChildProcess | undefined;
  #pong: (() => void) | undefined;
  #nextId = 1;
  #isClosed = false;

  constructor(options: DrivesOptions) {
    this.#options = options;
    this.#silenceMs = options.silenceMs ?? DRIVE_SILENCE_MS;
  }

  /** Throws the system's error, or one with the code ETIMEDOUT where the drive does not answer in time. */
  async call<K extends CallName>(drive: string, call: K, given: Given<K>): Promise<Answer<K>> {
    const now = this.#options.clock.monotonic();
    if (!this.#turns.mayAsk(drive, { now, isProbe: call === 'findRoot', probeMs: DRIVE_PROBE_MS })) throw silent();
    await this.#turns.take(drive);
    const ended = new AbortController();
    const tooLate = this.#options.clock.sleep(this.#silenceMs, ended.signal);
    tooLate.catch(() => {});
    try {
      return await this.#ask(drive, call, { given, tooLate });
    } finally {
      ended.abort();
    }
  }

  /** The caller closes the file with `close`. */
  async open(drive: string, place: Place): Promise<DriveFile> {
    const opened = await this.call(drive, 'openFile', place);
    if (!this.#process) throw ended();
    return { ...opened, drive, process: this.#process };
  }

  /** Fewer bytes than asked for only at the end of the file. */
  async read(file: DriveFile, at: number, length: number): Promise<Uint8Array> {
    this.#requireSame(file);
    return this.call(file.drive, 'readFile', { handle: file.handle, at, length });
  }

  async factsOf(file: DriveFile): Promise<FileFacts> {
    this.#requireSame(file);
    return this.call(file.drive, 'factsOf', { handle: file.handle });
  }

  /** Never fails: what a drive that hangs does not close ends with the process. */
  async close({ drive, handle, process }: DriveFile): Promise<void> {
    if (process === this.#process) await this.#ask(drive, 'closeFile', { given: { handle } }).catch(() => {});
  }

  /** Numbers the watches of one share, which are told to `listener` until `unwatch('')`. */
  listen(listener: WatchListener): number {
    const watch = this.#nextId++;
    this.#listeners.set(watch, listener);
    return watch;
  }

  unwatch(watch: number, path: string): void {
    if (path === '') this.#listeners.delete(watch);
    if (this.#process) this.#send({ kind: 'unwatch', watch, path });
  }

  /** Waits for no drive. */
  stop(): void {
    this.#isClosed = true;
    this.#process?.kill('SIGKILL');
    this.#onExit(this.#process);
  }

  #ask<K extends CallName>(
    drive: string,
    call: K,
    { given, tooLate }: { given: Given<K>; tooLate?: Promise<void> },
  ): Promise<Answer<K>> {
    if (this.#isClosed) return Promise.reject(ended());
    this.#process ??= this.#start();
    const id = this.#nextId++;
    return new Promise<Answer<K>>((resolve, reject) => {
      const pending: Pending = { drive, call, resolve: resolve as (value: unknown) => void, reject, isLate: false };
      this.#pending.set(id, pending);
      this.#send({ kind: 'call', id, call, given });
      tooLate?.then(
        () => this.#onSilence(id, pending),
        () => {},
      );
    });
  }

  #onSilence(id: number, pending: Pending): void {
    if (this.#pending.get(id) !== pending) return;
    pending.isLate = true;
    pending.reject(silent());
    const isTooMuch = this.#turns.noteLate(pending.drive, { now: this.#options.clock.monotonic(), error: silent() });
    // So many threads hang that other drives could be kept waiting: a new process begins with none.
    if (isTooMuch) this.#process?.kill('SIGKILL');
    else void this.#requireSign();
  }

  /** A process that answers nothing at all is stuck itself. */
  async #requireSign(): Promise<void> {
    const asked = this.#process;
    if (!asked || this.#pong) return;
    const heard = new AbortController();
    this.#pong = () => heard.abort();
    this.#send({ kind: 'ping' });
    const isSilent = await this.#options.clock.sleep(this.#silenceMs, heard.signal).then(
      () => true,
      () => false,
    );
    this.#pong = undefined;
    if (isSilent) asked.kill('SIGKILL');
  }

  #start(): ChildProcess {
    const program = this.#options.program ?? new URL('./drive-process.ts', import.meta.url);
    const started = fork(program, [], {
      execArgv: FLAGS,
      env: environment(),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.on('message', (message: FromDrives) => this.#onMessage(message));
    started.on('error', (error) => {
      this.#options.log.warn({ err: error }, 'the process of shared folders failed');
      if (started.pid === undefined) this.#onExit(started);
    });
    started.once('exit', () => this.#onExit(started));
    started.unref();
    started.channel?.unref();
    return started;
  }

  #send(message: ToDrives): void {
    this.#process?.send(message, () => {});
  }

  #onMessage(message: FromDrives): void {
    if (message.kind === 'pong') this.#pong?.();
    else if (message.kind === 'hints')
      for (const path of message.paths) this.#listeners.get(message.watch)?.onHint(path);
    else if (message.kind === 'limit') this.#listeners.get(message.watch)?.onLimit();
    else this.#onAnswer(message);
  }

  #onAnswer(message: Extract<FromDrives, { kind: 'done' | 'failed' }>): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    const { drive, call, isLate, resolve, reject } = pending;
    this.#pending.delete(message.id);
    if (call !== 'closeFile') this.#turns.end(drive, { isLate });
    if (message.kind === 'failed') reject(Object.assign(new Error(message.message), { code: message.code }));
    else if (isLate && call === 'openFile') void this.#dropLate(drive, message.value as Answer<'openFile'>);
    else resolve(message.value);
  }

  async #dropLate(drive: string, { handle }: Answer<'openFile'>): Promise<void> {
    await this.#ask(drive, 'closeFile', { given: { handle } }).catch(() => {});
  }

  #onExit(exited: ChildProcess | undefined): void {
    if (exited === undefined || this.#process !== exited) return;
    this.#process = undefined;
    this.#pong?.();
    for (const { reject } of this.#pending.values()) reject(ended());
    this.#pending.clear();
    this.#turns.clear(ended());
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    if (!this.#isClosed) for (const listener of listeners) listener.onLost();
  }

  #requireSame({ process }: DriveFile): void {
    if (process !== this.#process) throw ended();
  }
}

/** Nothing of this node's settings, which may be secret. Without the cache, Node's own compiler of TypeScript takes 13 MB. */
function environment(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return {
    UV_THREADPOOL_SIZE: THREADS,
    MALLOC_ARENA_MAX: HEAPS,
    ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) }),
  };
}

const silent = () => Object.assign(new Error('The drive does not answer.'), { code: 'ETIMEDOUT' });
const ended = () =>
  new ServiceError('document_away', 'The process of shared folders has ended: try again in a moment.');
