import type { DatabaseSync } from 'node:sqlite';
import { checkRecord, deepFreeze } from '@kith/membership';

type Schema<T> = Parameters<typeof checkRecord<T>>[0];

/** A table of JSON records by id; what was read once and has not changed is not parsed again. */
export interface PeersTable<T> {
  get(id: string): T | undefined;
  /** In order of id. */
  list(): T[];
  put(id: string, record: T): void;
  remove(id: string): void;
}

/**
 * `onDamage` is called once for each record that does not fit its schema; such a record counts as absent. `age` is the
 * column for the time of last sight, where the table has one.
 */
export function createPeersTable<T extends object>(options: {
  database: DatabaseSync;
  table: 'peers' | 'devices';
  schema: Schema<T>;
  age?: (record: T) => number;
  onDamage: (sentence: string) => void;
}): PeersTable<T> {
  const { database, table, schema, age, onDamage } = options;
  const getOne = database.prepare(`SELECT record FROM ${table} WHERE id = ?`);
  const getAll = database.prepare(`SELECT id, record FROM ${table} ORDER BY id`);
  const putOne = database.prepare(
    age
      ? `INSERT INTO ${table} (id, last_seen_at, record) VALUES (?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at, record = excluded.record`
      : `INSERT INTO ${table} (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record`,
  );
  const removeOne = database.prepare(`DELETE FROM ${table} WHERE id = ?`);
  const parsed = new Map<string, { text: string; record: T | undefined }>();

  const parse = (id: string, text: string): T | undefined => {
    const known = parsed.get(id);
    if (known?.text === text) return known.record;
    const result = parseRecord(schema, text);
    if ('problem' in result) onDamage(`The record “${id}” in ${table} is damaged and left out: ${result.problem}.`);
    // The same object is given to every caller.
    const record = 'value' in result ? deepFreeze(result.value) : undefined;
    parsed.set(id, { text, record });
    return record;
  };

  return {
    get: (id) => {
      const row = getOne.get(id);
      return row ? parse(id, String(row.record)) : undefined;
    },
    list: () => {
      const rows = getAll.all();
      if (parsed.size > 2 * rows.length + 100) parsed.clear();
      return rows.map((row) => parse(String(row.id), String(row.record))).filter((one) => one !== undefined);
    },
    put: (id, record) => {
      const text = JSON.stringify(record);
      if (age) putOne.run(id, age(record), text);
      else putOne.run(id, text);
    },
    remove: (id) => {
      removeOne.run(id);
      parsed.delete(id);
    },
  };
}

/** Parses what stands in the file. */
export function parseRecord<T>(schema: Schema<T>, text: string): { value: T } | { problem: string } {
  try {
    return checkRecord(schema, JSON.parse(text));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
