import { IndexAwayError, IndexDiskFullError } from '@kith/documents';

/** The file of documents cannot be used until a person does something; the message says what. */
export class DocumentsFileError extends Error {
  readonly code: 'store_newer' | 'store_unreadable' | 'store_unsupported' | 'store_damaged';
  constructor(code: DocumentsFileError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

// https://www.sqlite.org/rescode.html, primary codes
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

function primaryCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether the file itself is broken: trying again is of no use, it has to be moved aside. */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** An SQLite failure as the port's errors; anything else stays what it is. */
export function documentsError(error: unknown): unknown {
  const code = primaryCode(error);
  if (code === undefined) return error;
  if (code === SQLITE_FULL)
    return new IndexDiskFullError('The disk is full: nothing was written to the index. Make room.', { cause: error });
  return new IndexAwayError(`The index does not answer (${reasonOf(error)}).`, { cause: error });
}
