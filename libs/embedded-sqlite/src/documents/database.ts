import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { keepPrivate } from '../private-file.ts';
import { confirmDamage } from './confirm-damage.ts';
import { DocumentsFileError, isDamage, reasonOf } from './errors.ts';
import { DOCUMENTS_MIGRATIONS } from './migrations.ts';
import { salvageDocuments } from './salvage.ts';

/** The layout since which removed text is overwritten. */
const OVERWRITES_SINCE = 2;
/** How long a write waits for somebody's `sqlite3`. */
const BUSY_MS = 5000;

/** A damaged file that was put aside, and what could be taken over from it. */
export interface Recovery {
  readonly movedTo: string;
  readonly reason: string;
  readonly documents: number;
  readonly files: number;
  readonly folders: number;
}

/**
 * Opens `file`, makes it where it is missing, and brings it to the present layout. A damaged file is moved aside, a new
 * one made, and what can still be read is taken over. Throws DocumentsFileError.
 */
export function openDocumentsDatabase(
  file: string,
  damage?: string,
): { database: DatabaseSync; recovery: Recovery | undefined } {
  try {
    let opened = damage === undefined ? tryOpening(file) : damage;
    // What one failed read made seem damaged is whole, and opens at the next try.
    if (typeof opened === 'string' && confirmDamage(file) === undefined) opened = tryOpening(file);
    if (typeof opened !== 'string') return { database: opened, recovery: undefined };
    const reason = opened;
    const movedTo = moveAside(file);
    const database = openWhole(file);
    return { database, recovery: { movedTo, reason, ...salvageDocuments(movedTo, database) } };
  } catch (error) {
    throw openingError(error, file);
  }
}

/** The database, or why it seems to be damaged. */
function tryOpening(file: string): DatabaseSync | string {
  try {
    return openWhole(file);
  } catch (error) {
    if (isDamage(error)) return reasonOf(error);
    throw error;
  }
}

function openWhole(file: string): DatabaseSync {
  keepPrivate(file);
  const database = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    // NORMAL while many transactions belong to one call; its end is written with FULL (documents-flush in the worker).
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4000; PRAGMA secure_delete = ON;',
    );
    requireFts5(database);
    migrate(database, file);
    // Touches every table, so that a broken page at a root shows now and not in the first search.
    database
      .prepare('SELECT (SELECT version FROM stat), (SELECT max(id) FROM doc), (SELECT count(*) FROM folder)')
      .get();
    database.prepare("SELECT rowid FROM f WHERE f MATCH '¶' LIMIT 1").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function requireFts5(database: DatabaseSync): void {
  const { found } = database.prepare("SELECT sqlite_compileoption_used('ENABLE_FTS5') AS found").get() ?? {};
  if (found === 1) return;
  throw new DocumentsFileError(
    'store_unsupported',
    `This Node.js (${process.version}) has an SQLite without full-text search (FTS5): run Kith with the Node.js that ` +
      'its set-up installs, or set KITH_ELASTICSEARCH_URL.',
  );
}

function migrate(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > DOCUMENTS_MIGRATIONS.length) {
    throw new DocumentsFileError(
      'store_newer',
      `The index ${file} was written by a newer Kith (layout ${version}, this one knows ${DOCUMENTS_MIGRATIONS.length}): ` +
        'update Kith, or move the file away; shared folders are then indexed anew.',
    );
  }
  // Its free pages, and the gaps of the others, still hold text that was deleted before. A disk that is full has no room
  // for that: the next removals overwrite what they free.
  if (version > 0 && version < OVERWRITES_SINCE) {
    try {
      database.exec('VACUUM');
    } catch {}
  }
  for (const [index, step] of DOCUMENTS_MIGRATIONS.entries()) {
    if (index >= version) database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}

/** Renames the file and its journal to a name that is free, and returns the new name. */
function moveAside(file: string): string {
  let number = 1;
  while (existsSync(`${file}.damaged-${number}`)) number++;
  const movedTo = `${file}.damaged-${number}`;
  for (const part of ['', '-wal', '-shm']) if (existsSync(file + part)) renameSync(file + part, movedTo + part);
  return movedTo;
}

function openingError(error: unknown, file: string): unknown {
  if (error instanceof DocumentsFileError) return error;
  return new DocumentsFileError(
    isDamage(error) ? 'store_damaged' : 'store_unreadable',
    `The index ${file} cannot be opened (${reasonOf(error)}): this user must be able to write to the file and its folder, ` +
      'and the disk must have room.',
    { cause: error },
  );
}
