import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isDamage, reasonOf } from './errors.ts';

const PIECE = 1024 * 1024;

/**
 * Why `file` is damaged, or undefined if it is whole. One failed read of the disk makes SQLite's full-text search call a
 * sound file damaged, and moving that aside would cost all that is in it. Throws the disk's own error where the file
 * cannot be read: then nobody knows.
 */
export function confirmDamage(file: string): string | undefined {
  readThrough(file);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    const { quick_check: verdict } = database.prepare('PRAGMA quick_check(1)').get() ?? {};
    if (verdict !== 'ok') return String(verdict);
    const hasSearch = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'f'").get() !== undefined;
    if (hasSearch) database.exec("INSERT INTO f(f) VALUES('integrity-check')");
    return undefined;
  } catch (error) {
    if (isDamage(error)) return reasonOf(error);
    throw error;
  } finally {
    database?.close();
  }
}

function readThrough(file: string): void {
  const into = Buffer.allocUnsafe(PIECE);
  for (const part of [file, `${file}-wal`]) {
    if (!existsSync(part)) continue;
    const handle = openSync(part, 'r');
    try {
      while (readSync(handle, into, 0, PIECE, null) > 0);
    } finally {
      closeSync(handle);
    }
  }
}
