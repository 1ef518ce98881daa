import { StoreAwayError } from '@kith/membership';

/** The file of peers cannot be used until a person does something; the message says what. */
export class PeersFileError extends Error {
  readonly code: 'store_damaged' | 'store_in_use' | 'store_newer' | 'store_unreadable';
  constructor(code: PeersFileError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The disk has no room: nothing was written. */
export class DiskFullError extends Error {
  readonly code = 'disk_full';
}

// https://www.sqlite.org/rescode.html, primary codes
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

function primaryCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

export const isBusy = (error: unknown) => primaryCode(error) === SQLITE_BUSY;

/** What opening failed with, for the person who starts the node. */
export function openingError(error: unknown, file: string): unknown {
  const code = primaryCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return damaged(file, reason, error);
  if (code === undefined) return error;
  return new PeersFileError(
    'store_unreadable',
    `The store of peers ${file} cannot be opened (${reason}): this user must be able to write to the file and its folder.`,
    { cause: error },
  );
}

export function damaged(file: string, reason: string, cause?: unknown): PeersFileError {
  return new PeersFileError('store_damaged', `The store of peers ${file} is damaged (${reason}).`, { cause });
}

/** An SQLite failure of a running store as the port's errors; anything else is the caller's own and stays. */
export function runningError(error: unknown): unknown {
  const code = primaryCode(error);
  if (code === undefined) return error;
  if (code === SQLITE_FULL) {
    return new DiskFullError('The disk is full: nothing was written to the store of peers. Make room.', {
      cause: error,
    });
  }
  return new StoreAwayError('The store of peers cannot be read or written: see the log.', { cause: error });
}
