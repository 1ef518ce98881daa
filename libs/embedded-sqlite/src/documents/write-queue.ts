import type { DatabaseSync } from 'node:sqlite';

/** One write call, as steps that may be spread over several transactions. */
export interface Write {
  readonly steps: readonly (() => void)[];
  /** Called once, when all steps are on the disk. */
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** How long one transaction goes on; a search waits no longer than this and the commit. */
const TURN_MS = 10;

/**
 * Writes in the order in which they came, a short transaction at a time, so that searches come in between. Calls that
 * end in one transaction share its fsync; nothing is `done` before it.
 */
export function createWriteQueue(database: DatabaseSync, now: () => number = () => performance.now()) {
  const queue: { write: Write; next: number }[] = [];
  const flush = database.prepare('UPDATE stat SET flushes = flushes + 1');

  return {
    add(write: Write): void {
      queue.push({ write, next: 0 });
    },
    isEmpty: () => queue.length === 0,

    /** One transaction's worth of steps. Throws nothing: errors go to the calls that they belong to. */
    turn(): void {
      const before = queue.slice(0, 1000).map(({ next }) => next);
      try {
        const ended = transaction(takeSteps);
        if (ended.length > 0) sync();
        queue.splice(0, ended.length);
        for (const { write } of ended) write.done();
      } catch (error) {
        queue.slice(0, before.length).forEach((one, i) => {
          one.next = before[i] ?? 0;
        });
        firstAlone(error);
      }
    },
  };

  /** Runs steps until the time is over; returns the calls that are through. */
  function takeSteps(): typeof queue {
    const until = now() + TURN_MS;
    let at = 0;
    for (; at < Math.min(queue.length, 1000); at++) {
      const one = queue[at];
      if (!one) break;
      while (one.next < one.write.steps.length) {
        if (now() > until) return queue.slice(0, at);
        one.write.steps[one.next]?.();
        one.next++;
      }
    }
    return queue.slice(0, at);
  }

  /** A transaction of several calls failed: the first one is tried by itself, so that it takes no other down with it. */
  function firstAlone(reason: unknown): void {
    const first = queue.shift();
    if (!first) throw reason;
    try {
      transaction(() => {
        for (const step of first.write.steps.slice(first.next)) step();
      });
      sync();
      first.write.done();
    } catch (error) {
      first.write.failed(error);
    }
  }

  function transaction<T>(body: () => T): T {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = body();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where the disk is full.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Waits for the disk: a commit with FULL flushes the journal with all commits before it. */
  function sync(): void {
    database.exec('PRAGMA synchronous = FULL');
    try {
      flush.run();
    } finally {
      database.exec('PRAGMA synchronous = NORMAL');
    }
  }
}
