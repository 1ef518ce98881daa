import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a database file and its folder readable by this user only, whatever the umask, before SQLite opens it: its
 * journals take the rights of the file. One that was made with more is tightened.
 */
export function keepPrivate(file: string): void {
  const parts = [file, `${file}-wal`, `${file}-shm`];
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    for (const part of parts) if (existsSync(part)) chmodSync(part, 0o600);
  } catch {
    // What is in the way is said by SQLite, which needs more than this; and whose the folder is, with the identity.
  }
}
