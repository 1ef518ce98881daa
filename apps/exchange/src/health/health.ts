import type { NewEvent, PeerStore } from '@kith/membership';
import { type Clock, every, type Log, RoomReserve, ServiceError } from '@kith/service';
import type { NodeFault } from '@kith/wire';
import { DISK_RESERVE_BYTES } from '../config.ts';
import { within } from '../within.ts';
import { FolderObserver, observeDescriptors } from './observe.ts';
import { faultsOf, type Observed } from './verdict.ts';

export interface HealthOptions {
  readonly dataDirectory: string;
  readonly peers: Pick<PeerStore, 'addEvents'>;
  readonly clock: Clock;
  readonly log: Log;
  /** What is seen of the data folder and this process; what the system tells, unless a test says it. */
  readonly observe?: (how: { isWriting: boolean }) => Promise<Omit<Observed, 'readerEnds'>>;
}

/** How often this node looks after itself, in ms; and after how many looks it writes to the disk for a test. */
const LOOK_MS = 10_000;
const WRITE_EVERY = 3;
/** A disk that gives no answer for as long fails, in ms. */
const ANSWER_MS = 5_000;
/** Whoever asks an unwell node gets an answer no older than this, in ms. */
const FRESH_MS = 2_000;
const READER_WINDOW_MS = 600_000;
const EVENTS_WAITING_MAX = 20;

/** Whether this node can do its work: looked at again and again, told in the status, and in one event for each change. */
export class Health {
  readonly reserve: RoomReserve;
  readonly #options: HealthOptions;
  readonly #observe: NonNullable<HealthOptions['observe']>;
  readonly #stopping = new AbortController();
  #faults: readonly NodeFault[] = [];
  #looks = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<Omit<Observed, 'readerEnds'>> | undefined;
  #readerEnds: number[] = [];
  /** What could not be told yet, because the store is on the disk that fails. */
  #untold: NewEvent[] = [];
  #loop: Promise<void> | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
    const folder = new FolderObserver(options.dataDirectory);
    this.#observe =
      options.observe ??
      (async (how) => {
        const [seen, descriptors] = await Promise.all([folder.look(how), observeDescriptors()]);
        return { ...seen, descriptors };
      });
    this.reserve = new RoomReserve(options.dataDirectory);
  }

  /** Resolves when it has looked once. */
  async start(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopping;
    await this.#look();
    const onError = (error: unknown) => log.warn({ err: error }, 'this node could not look after itself');
    const lookAgain = async () => {
      await clock.sleep(LOOK_MS, signal);
      await this.#look();
      if (this.#faults.length === 0) await this.reserve.keep();
    };
    this.#loop = every(lookAgain, { intervalMs: 0, clock, signal, onError });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  /** The reader of files ended in the middle of its work. */
  readerEnded(): void {
    this.#readerEnds = [...this.#recentEnds(), this.#options.clock.monotonic()].slice(-100);
  }

  /** Something failed that should not: looks at once whether the disk is to blame, unless it has just looked. */
  suspect(): void {
    if (this.#options.clock.monotonic() - this.#lookedAt < FRESH_MS) return;
    this.#looks = 0;
    void this.#look().catch(() => {});
  }

  /** What is wrong now, the worst first. A node that is unwell looks again, so that it is well as soon as it is mended. */
  async faults(): Promise<readonly NodeFault[]> {
    const age = this.#options.clock.monotonic() - this.#lookedAt;
    if (this.#faults.length > 0 && age > FRESH_MS) await this.#look();
    return this.#faults;
  }

  /** Rejects with what is wrong and what to do. */
  async requireWell(): Promise<void> {
    const [first, ...more] = await this.faults();
    if (!first) return;
    const text = [first, ...more].map(({ message, remedy }) => `${message} ${remedy}`).join(' ');
    throw new ServiceError(first.code, text);
  }

  async #look(): Promise<void> {
    const { dataDirectory, clock } = this.#options;
    // A disk that hangs is asked once, however often somebody wants to know.
    if (this.#looking === undefined) {
      const isWriting = this.#faults.length > 0 || this.#looks++ % WRITE_EVERY === 0;
      this.#looking = this.#observe({ isWriting }).finally(() => {
        this.#looking = undefined;
      });
    }
    const seen = await within(this.#looking, ANSWER_MS, clock);
    this.#lookedAt = clock.monotonic();
    const readerEnds = this.#recentEnds().length;
    const observed = { ...(seen ?? { folderError: 'SILENT' }), readerEnds };
    const faults = faultsOf(observed, dataDirectory, { roomBytes: DISK_RESERVE_BYTES });
    this.#noteChanges(faults);
    this.#faults = faults;
    await this.#tell();
  }

  #recentEnds(): number[] {
    const now = this.#options.clock.monotonic();
    return this.#readerEnds.filter((at) => now - at < READER_WINDOW_MS);
  }

  /** One event when a fault comes, and one when it is gone. */
  #noteChanges(faults: readonly NodeFault[]): void {
    const { log } = this.#options;
    const [before, now] = [this.#faults, faults].map((some) => new Set(some.map(({ code }) => code)));
    for (const { code, message, remedy } of faults.filter((one) => !before?.has(one.code))) {
      log.error({ code }, `${message} ${remedy}`);
      this.#untold.push({ type: 'node-unwell', message: `${message} ${remedy}`, data: { code } });
    }
    for (const { code, message } of this.#faults.filter((one) => !now?.has(one.code))) {
      log.info({ code }, 'mended');
      this.#untold.push({ type: 'node-well', message: `Mended: ${message}`, data: { code } });
    }
    this.#untold = this.#untold.slice(-EVENTS_WAITING_MAX);
  }

  async #tell(): Promise<void> {
    if (this.#untold.length === 0) return;
    const told = this.#untold;
    this.#untold = [];
    await this.#options.peers.addEvents(told).catch(() => {
      this.#untold = [...told, ...this.#untold].slice(-EVENTS_WAITING_MAX);
    });
  }
}
