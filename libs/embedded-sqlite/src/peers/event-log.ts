import type { DatabaseSync } from 'node:sqlite';
import {
  isPassing,
  MAX_EVENTS,
  MAX_PASSING_EVENTS,
  type MembershipEvent,
  membershipEventSchema,
  type NewEvent,
  numberAfter,
} from '@kith/membership';
import { parseRecord } from './table.ts';

export interface PeersEventLog {
  /** To be called inside a transaction; returns the events as they then stand in the log. */
  append(events: readonly NewEvent[], at: number, about?: Parameters<typeof isPassing>[1]): MembershipEvent[];
  after(cursor: string | undefined, limit: number): MembershipEvent[];
  latest(limit: number): MembershipEvent[];
}

export function createPeersEventLog(database: DatabaseSync): PeersEventLog {
  const insert = database.prepare('INSERT INTO events (at, record, passing) VALUES (?, ?, ?)');
  const logs = [
    createCap(database, '', MAX_EVENTS),
    createCap(database, 'WHERE passing = 1', MAX_PASSING_EVENTS),
  ] as const;
  // AUTOINCREMENT keeps the highest number ever given, so that no cursor comes back even if the log is emptied.
  const newest = database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'events'`);
  const after = database.prepare('SELECT cursor, at, record FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?');
  const latest = database.prepare('SELECT cursor, at, record FROM events ORDER BY cursor DESC LIMIT ?');

  return {
    append: (events, at, about) => {
      const [all, passing] = logs;
      const appended = events.map((event): MembershipEvent => {
        const isOne = isPassing(event, about);
        const { lastInsertRowid } = insert.run(at, JSON.stringify(event), isOne ? 1n : 0n);
        if (isOne) passing.added();
        all.added();
        return { ...event, cursor: String(lastInsertRowid), at };
      });
      return appended;
    },
    after: (cursor, limit) => {
      const position = numberAfter(cursor, Number(newest.get()?.seq ?? 0));
      return after.all(BigInt(position), BigInt(limit)).flatMap(eventOf);
    },
    latest: (limit) => latest.all(BigInt(limit)).reverse().flatMap(eventOf),
  };
}

/** What is over the cap is dropped in blocks of this many, so that not every event has to be followed by a count. */
const BLOCK = 100;

/** Keeps the newest `max` events of those that `where` names. */
function createCap(database: DatabaseSync, where: string, max: number): { added(): void } {
  const count = database.prepare(`SELECT count(*) AS kept FROM events ${where}`);
  const drop = database.prepare(
    `DELETE FROM events ${where === '' ? 'WHERE' : `${where} AND`} cursor <=
       (SELECT cursor FROM events ${where} ORDER BY cursor DESC LIMIT 1 OFFSET ${max})`,
  );
  let kept = Number(count.get()?.kept ?? 0);
  return {
    added: () => {
      kept += 1;
      if (kept <= max + BLOCK) return;
      drop.run();
      kept = Number(count.get()?.kept ?? 0);
    },
  };
}

/** A damaged event is left out: the log is for people, and its other events are still true. */
function eventOf({ cursor, at, record }: Record<string, unknown>): MembershipEvent[] {
  const result = parseRecord(membershipEventSchema, `{"cursor":"${cursor}","at":${at},${String(record).slice(1)}`);
  return 'value' in result ? [result.value] : [];
}
