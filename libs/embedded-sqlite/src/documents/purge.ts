import type { DatabaseSync } from 'node:sqlite';

/** How long one transaction goes on; a search waits no longer than this and the commit, in ms. */
const TURN_MS = 10;
/** Pages that one step writes at most. */
const STEP_PAGES = 16n;
/** After a purge the next one waits so many times as long as it took: a twentieth of the time goes into it at most. */
const REST_TIMES = 20;
const REST_LEAST_MS = 1_000;
const AFTER_FAILURE_MS = 60_000;

/**
 * Takes the words of removed documents out of the file. A contentless FTS5 table only notes that a row is gone; its words
 * stay until the segments that hold them happen to be merged, which may be never. Its `secure-delete` takes them out at
 * once, but at 50–130 ms for a document of 6 kB. So all segments are merged in short turns, whenever nothing else is to
 * be written; then the journal, which holds the pages as they were, is emptied. `stat.unpurged` says, also to the next
 * start, that there is something to take out. Rows of ordinary tables are overwritten by `secure_delete` itself.
 */
export class Purge {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  #isDue: boolean;
  /** Milliseconds that the present purge took so far. */
  #took: number | undefined;
  #notBefore = 0;

  constructor(database: DatabaseSync, now: () => number = () => performance.now()) {
    this.#database = database;
    this.#now = now;
    this.#isDue = this.#isFlagged();
  }

  /** To be called after writes, which may have removed something. */
  note(): void {
    this.#isDue = this.#isFlagged();
  }

  /** Milliseconds until a turn may be taken; undefined where there is nothing to do. */
  dueIn(): number | undefined {
    return this.#isDue ? Math.max(0, this.#notBefore - this.#now()) : undefined;
  }

  /** One short transaction's worth of it. Throws what SQLite throws; it is gone on with after a pause. */
  turn(): void {
    const from = this.#now();
    try {
      const isEnded = this.#inTransaction(() => {
        if (this.#took === undefined) this.#begin();
        while (this.#now() - from < TURN_MS) if (!this.#merge(STEP_PAGES)) return true;
        return false;
      });
      this.#took = (this.#took ?? 0) + this.#now() - from;
      if (isEnded) this.#end();
    } catch (error) {
      this.#took = undefined;
      this.#notBefore = this.#now() + AFTER_FAILURE_MS;
      throw error;
    }
  }

  #isFlagged(): boolean {
    return this.#database.prepare('SELECT unpurged FROM stat').get()?.unpurged !== 0;
  }

  /** 2 says that it is under way: a removal meanwhile makes it 1 again. */
  #begin(): void {
    this.#database.exec('UPDATE stat SET unpurged = 2');
    this.#merge(-STEP_PAGES);
  }

  #end(): void {
    this.#notBefore = this.#now() + Math.max(REST_LEAST_MS, REST_TIMES * (this.#took ?? 0));
    this.#took = undefined;
    this.#database.exec('UPDATE stat SET unpurged = 0 WHERE unpurged = 2');
    this.#isDue = this.#isFlagged();
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Whether there was something to merge (https://www.sqlite.org/fts5.html#the_merge_command). */
  #merge(pages: bigint): boolean {
    const changes = () => Number(this.#database.prepare('SELECT total_changes() AS n').get()?.n);
    const before = changes();
    this.#database.prepare("INSERT INTO f(f, rank) VALUES ('merge', ?)").run(pages);
    return changes() - before >= 2;
  }

  #inTransaction<T>(body: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = body();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
