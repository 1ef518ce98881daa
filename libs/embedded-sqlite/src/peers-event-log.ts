import type { DatabaseSync } from 'node:sqlite';
import { MAX_EVENTS, type MembershipEvent, membershipEventSchema, type NewEvent, numberAfter } from '@kith/membership';
import { parseRecord } from './peers-table.ts';

export interface PeersEventLog {
  /** To be called inside a transaction; returns the events as they then stand in the log. */
  append(events: readonly NewEvent[], at: number): MembershipEvent[];
  after(cursor: string | undefined, limit: number): MembershipEvent[];
  latest(limit: number): MembershipEvent[];
}

export function createPeersEventLog(database: DatabaseSync): PeersEventLog {
  const insert = database.prepare('INSERT INTO events (at, record) VALUES (?, ?)');
  const trim = database.prepare('DELETE FROM events WHERE cursor <= ?');
  // AUTOINCREMENT keeps the highest number ever given, so that no cursor comes back even if the log is emptied.
  const newest = database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'events'`);
  const after = database.prepare('SELECT cursor, at, record FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?');
  const latest = database.prepare('SELECT cursor, at, record FROM events ORDER BY cursor DESC LIMIT ?');

  return {
    append: (events, at) => {
      const appended = events.map((event): MembershipEvent => {
        const { lastInsertRowid } = insert.run(at, JSON.stringify(event));
        return { ...event, cursor: String(lastInsertRowid), at };
      });
      const last = appended.at(-1);
      if (last) trim.run(BigInt(last.cursor) - BigInt(MAX_EVENTS));
      return appended;
    },
    after: (cursor, limit) => {
      const position = numberAfter(cursor, Number(newest.get()?.seq ?? 0));
      return after.all(BigInt(position), BigInt(limit)).flatMap(eventOf);
    },
    latest: (limit) => latest.all(BigInt(limit)).reverse().flatMap(eventOf),
  };
}

/** A damaged event is left out: the log is for people, and its other events are still true. */
function eventOf({ cursor, at, record }: Record<string, unknown>): MembershipEvent[] {
  const result = parseRecord(membershipEventSchema, `{"cursor":"${cursor}","at":${at},${String(record).slice(1)}`);
  return 'value' in result ? [result.value] : [];
}
