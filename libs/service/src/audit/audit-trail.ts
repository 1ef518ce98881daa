import type { AuditEntry, AuditKind } from '@kith/wire';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { AuditBudget } from './audit-budget.ts';
import { AuditSegments } from './audit-segments.ts';

/** What a service has to say; the rest of an entry is added. */
export type AuditNote = Omit<AuditEntry, 'at' | 'count'>;

/** `without-words`: what was searched is not written down. */
export const AUDIT_LEVELS = ['on', 'without-words', 'off'] as const;
export type AuditLevel = (typeof AUDIT_LEVELS)[number];

export interface AuditTrailOptions {
  /** The node's data folder, which all its services share. */
  readonly dataDirectory: string;
  readonly level: AuditLevel;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long notes are gathered before they are written, in ms; what is the same is one entry. */
const GATHER_MS = 2_000;
/** How often what was only counted is written, in ms. */
const COUNTED_MS = 60_000;
/** Different entries that wait; more are counted. */
const WAITING_MAX = 2_000;
const TEXT_MAX = 200;

type Waiting = { -readonly [K in keyof AuditEntry]: AuditEntry[K] };

/**
 * Writes down who did what here, for the owner: lines of JSON in `audit/` of the data folder (see AuditSegments), gathered
 * and written beside the requests. What one peer or address causes has a budget, beyond which it is counted only.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions;
  readonly #segments: AuditSegments;
  readonly #budget: AuditBudget;
  readonly #ending = new AbortController();
  #waiting = new Map<string, Waiting>();
  #counted = new Map<string, Waiting>();
  #countedSince = 0;
  #running: Promise<void> | undefined;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
    this.#segments = new AuditSegments(options.dataDirectory, options.clock);
    this.#budget = new AuditBudget(options.clock);
  }

  /** Returns at once, and never throws: no request waits for its entry, nor fails by it. */
  note(note: AuditNote): void {
    const { level, clock } = this.#options;
    if (level === 'off') return;
    const { kind, what, peer, address, document } = note;
    const text = level === 'without-words' && what === 'searched' ? undefined : plain(note.text);
    const key = [kind, what, peer, address, document, what === 'searched' ? '' : text].join('\n');
    const same = this.#waiting.get(key);
    if (same) {
      same.count++;
      // Somebody who types searches at each letter: the last is what was meant.
      if (text !== undefined) same.text = text;
      return;
    }
    const isAllowed = this.#waiting.size < WAITING_MAX && this.#budget.take(kind, peer ?? address ?? '');
    const entry: Waiting = { at: clock.now(), kind, what, count: 1 };
    if (peer !== undefined) entry.peer = peer;
    if (!isAllowed) {
      this.#count(entry);
      return;
    }
    if (address !== undefined) entry.address = address.slice(0, 64);
    if (text !== undefined) entry.text = text;
    if (document !== undefined) entry.document = document;
    this.#waiting.set(key, entry);
  }

  start(): void {
    if (this.#options.level !== 'off') this.#running ??= this.#run(this.#ending.signal);
  }

  /** What waits is written before it resolves. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    await this.#write(true);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    this.#countedSince = clock.monotonic();
    while (!signal.aborted) {
      await clock.sleep(GATHER_MS, signal).catch(() => {});
      await this.#write(clock.monotonic() - this.#countedSince >= COUNTED_MS);
    }
  }

  async #write(withCounted: boolean): Promise<void> {
    const entries = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (withCounted) {
      entries.push(...this.#counted.values());
      this.#counted = new Map();
      this.#countedSince = this.#options.clock.monotonic();
    }
    const kinds = new Set(entries.map(({ kind }) => kind));
    for (const kind of kinds) {
      const lines = entries.filter((entry) => entry.kind === kind).map((entry) => `${JSON.stringify(entry)}\n`);
      await this.#segments.append(kind, lines.join('')).catch((error) => this.#failed(kind, error));
    }
  }

  /** Those who are many count as one: nobody can fill the trail by coming under many names. */
  #count({ kind, at, peer }: Waiting): void {
    const key = `${kind}\n${kind === 'use' ? peer : ''}`;
    const same = this.#counted.get(key);
    if (same) same.count++;
    else this.#counted.set(key, { at, kind, what: 'more', count: 1, ...(kind === 'use' && peer ? { peer } : {}) });
  }

  #failed(kind: AuditKind, error: unknown): void {
    this.#options.log.warn({ err: error, kind }, 'the audit trail could not be written');
  }
}

/** One line without what a terminal or a reader could be led by. */
function plain(text: string | undefined): string | undefined {
  return text
    ?.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, TEXT_MAX)
    .toWellFormed();
}
