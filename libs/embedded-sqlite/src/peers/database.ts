import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keepPrivate } from '../private-file.ts';
import { damaged, isBusy, openingError, PeersFileError } from './errors.ts';
import { PEERS_MIGRATIONS } from './migrations.ts';

/** How long an opening waits for a process that is just ending, and a write for somebody's `sqlite3`. */
const BUSY_MS = 2000;

export interface PeersDatabase {
  readonly database: DatabaseSync;
  close(): void;
}

/**
 * Opens `<directory>/peers.sqlite`, makes it where it is missing, and brings it to the present layout. One process at a
 * time: followers are called inside the process, so a second one would be deaf; and two nodes on one data folder are one
 * identity twice. `sqlite3` may read, back up and even write meanwhile. Throws PeersFileError.
 */
export function openPeersDatabase(directory: string): PeersDatabase {
  const file = join(directory, 'peers.sqlite');
  const lock = takeLock(directory);
  let database: DatabaseSync | undefined;
  try {
    keepPrivate(file);
    database = new DatabaseSync(file, { timeout: BUSY_MS });
    // NORMAL: no fsync a commit; a power cut may lose the last seconds of sightings and never the file's order.
    // Trust decisions are written with FULL (sqlite-peer-store.ts).
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;',
    );
    const [check] = database.prepare('PRAGMA quick_check(1)').all();
    if (check?.quick_check !== 'ok') throw damaged(file, String(check?.quick_check));
    migrate(database, file);
  } catch (error) {
    if (database?.isOpen) database.close();
    lock.close();
    throw openingError(error, file);
  }
  const opened = database;
  return {
    database: opened,
    close: () => {
      opened.close();
      lock.close();
    },
  };
}

function migrate(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > PEERS_MIGRATIONS.length) {
    throw new PeersFileError(
      'store_newer',
      `The store of peers ${file} was written by a newer Kith (layout ${version}, this one knows ` +
        `${PEERS_MIGRATIONS.length}): update Kith, or move the file away.`,
    );
  }
  for (const [index, step] of PEERS_MIGRATIONS.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${step} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}

/** Node has no file locks; SQLite's own, on a file of its own, work on every system and end with the process. */
function takeLock(directory: string): DatabaseSync {
  const file = join(directory, 'peers.lock');
  let lock: DatabaseSync | undefined;
  try {
    keepPrivate(file);
    lock = new DatabaseSync(file, { timeout: BUSY_MS });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    if (lock?.isOpen) lock.close();
    if (!isBusy(error)) throw openingError(error, file);
    throw new PeersFileError(
      'store_in_use',
      `Another Kith process uses the data folder ${directory}: stop it, or give this one a folder of its own (KITH_DATA). ` +
        'Services that run apart share Redis in place of this file (KITH_REDIS_URL).',
      { cause: error },
    );
  }
}
