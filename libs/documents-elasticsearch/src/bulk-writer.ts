import type { Client, estypes } from '@elastic/elasticsearch';
import { IndexAwayError, IndexBusyError } from '@kith/documents';
import {
  blockedError,
  diskFullError,
  elasticsearchError,
  isBlocked,
  isBusy,
  isDiskFull,
  isStatus,
} from './elasticsearch-errors.ts';

/** One change of one document of an index; without `source` it is removed. */
export interface Change {
  readonly id: string;
  readonly source?: object;
  /** Rough size in characters. */
  readonly weight: number;
}

/** Largest bulk: enough that more brings nothing, small enough for a heap of 512 MB. */
const BULK_WEIGHT = 5_000_000;
const BULK_CHANGES = 1000;
/** Changes that may wait at once; more are refused. */
const WAITING_MAX = 20_000;
/** How long the server waits for a shard that has no place just now: shorter than the client waits for the server. */
const PLACE_TIME = '15s';
/** Pauses after a 429 double from the first to the last; about a minute in all. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 8000;
const TRIES = 15;

const GONE = 'index_not_found_exception';
class IndexGoneError extends IndexAwayError {}
const isGone = (error: unknown) => error instanceof IndexGoneError || isStatus(error, 404, GONE);

interface Job {
  readonly changes: readonly Change[];
  next: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes in the order in which they came, one bulk at a time. Calls that wait meanwhile go together in the next bulk and
 * share its refresh, so that one caller sees its document at once and many cost little. Nothing is resolved before it is
 * in the translog (the server's default, an fsync a request) and visible to searches.
 */
export function createBulkWriter(options: {
  client: Client;
  /** Aliases that are to be written now; asked again for every bulk. */
  targets: () => Promise<readonly string[]>;
  /** Called where one of them is gone: another service has replaced the index. */
  forget: () => void;
  sleep: (ms: number) => Promise<void>;
}) {
  const { client, targets, forget, sleep } = options;
  const jobs: Job[] = [];
  let waiting = 0;
  let running: Promise<void> | undefined;
  let paused: Promise<void> = Promise.resolve();
  let writing: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    let shown: Promise<void> = Promise.resolve();
    for (;;) {
      if (jobs.length === 0) await shown;
      if (jobs.length === 0) break;
      await paused;
      const { changes, ended } = takeBulk();
      writing = write(changes);
      try {
        await writing;
        // The server makes one bulk visible while it takes the next one.
        await shown;
        shown = show().then(
          () => settle(ended),
          (error) => settle(ended, elasticsearchError(error)),
        );
      } catch (error) {
        settle(ended, elasticsearchError(error));
        dropBegun(elasticsearchError(error));
      }
    }
    // In the same step as the last look at the jobs, so that none comes in between and waits for ever.
    running = undefined;
  }

  function settle(ended: readonly Job[], error?: unknown): void {
    for (const job of ended) {
      if (error === undefined) job.resolve();
      else job.reject(error);
    }
  }

  /** A call of which a part failed cannot succeed any more. */
  function dropBegun(error: unknown): void {
    const [first] = jobs;
    if (!first || first.next === 0) return;
    waiting -= first.changes.length - first.next;
    jobs.shift();
    first.reject(error);
  }

  /** The next changes, the last one for each id only: a line that is tried again must not come behind a newer one. */
  function takeBulk(): { changes: Change[]; ended: Job[] } {
    const changes = new Map<string, Change>();
    const ended: Job[] = [];
    let weight = 0;
    for (let job = jobs[0]; job; job = jobs[0]) {
      for (; job.next < job.changes.length; job.next++) {
        const change = job.changes[job.next];
        if (!change) continue;
        if (changes.size >= BULK_CHANGES || (weight > 0 && weight + change.weight > BULK_WEIGHT))
          return { changes: [...changes.values()], ended };
        weight += change.weight;
        waiting--;
        changes.set(change.id, change);
      }
      ended.push(job);
      jobs.shift();
    }
    return { changes: [...changes.values()], ended };
  }

  async function write(changes: readonly Change[], again = true): Promise<void> {
    if (changes.length === 0) return;
    const aliases = await targets();
    try {
      for (const alias of aliases) await writeTo(alias, changes);
    } catch (error) {
      if (!again || !isGone(error)) throw error;
      forget();
      await write(changes, false);
    }
  }

  async function show(again = true): Promise<void> {
    try {
      await client.indices.refresh({ index: [...(await targets())] });
    } catch (error) {
      if (!again || !isGone(error)) throw error;
      forget();
      await show(false);
    }
  }

  async function writeTo(alias: string, changes: readonly Change[]): Promise<void> {
    let left = changes;
    for (let tried = 1; ; tried++) {
      left = await attempt(alias, left);
      if (left.length === 0) return;
      if (tried === TRIES)
        throw new IndexAwayError('Elasticsearch has too much to do: nothing was written for a minute.');
      await sleep(Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tried - 1)) * (0.5 + Math.random() / 2));
    }
  }

  /** Returns the changes that the server had no room for just now. */
  async function attempt(alias: string, changes: readonly Change[]): Promise<readonly Change[]> {
    const operations = changes.flatMap(({ id, source }) =>
      source ? [{ index: { _id: id } }, source] : [{ delete: { _id: id } }],
    );
    let response: estypes.BulkResponse;
    try {
      response = await client.bulk({ index: alias, operations, require_alias: true, timeout: PLACE_TIME });
    } catch (error) {
      if (isBusy(error)) return changes;
      throw error;
    }
    if (!response.errors) return [];
    return changes.filter((_, i) => {
      const line = response.items[i]?.index ?? response.items[i]?.delete;
      if (!line?.error) return false;
      if (isDiskFull(line.error)) throw diskFullError(line.error);
      if (line.status === 429) return true;
      if (line.error.type === GONE) throw new IndexGoneError(`The index behind ${alias} is gone.`);
      if (isBlocked(line.error)) throw blockedError(line.error);
      if (line.status >= 500) throw new IndexAwayError(`Elasticsearch cannot write just now (${line.error.type}).`);
      throw new Error(`Elasticsearch refused a document: ${line.error.type}: ${line.error.reason ?? ''}`);
    });
  }

  return {
    write(changes: readonly Change[]): Promise<void> {
      if (waiting + changes.length > WAITING_MAX && waiting > 0)
        return Promise.reject(new IndexBusyError('Too many changes wait for Elasticsearch: try again later.'));
      waiting += changes.length;
      return new Promise((resolve, reject) => {
        jobs.push({ changes, next: 0, resolve, reject });
        running ??= run();
      });
    },

    /** Runs `body` while nothing is written. */
    async pause(body: () => Promise<void>): Promise<void> {
      const held = Promise.withResolvers<void>();
      paused = held.promise;
      try {
        await writing.catch(() => undefined);
        await body();
      } finally {
        held.resolve();
      }
    },

    /** Resolves when nothing is being written. */
    async idle(): Promise<void> {
      await running;
    },
  };
}
