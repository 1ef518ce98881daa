import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, readSync, type Stats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { openInside } from '../drives/open-inside.ts';
import { decode, encodingOf } from './decode-text.ts';
import { extractorFor, extractText } from './extract-text.ts';
import type { ReadAnswer, ReadContent, ReadProblem, ReadRequest } from './file-reading.ts';
import { isSearchable, mediaTypeOf } from './media-type.ts';
import { systemAdvice } from './system-advice.ts';
import { TEXT_MAX_BYTES } from './text-limit.ts';

/** What is read of a large file before others have their turn. */
const PIECE_BYTES = 1024 * 1024;
/** Files up to this size share one piece of memory, that stays. */
const SMALL_BYTES = 256 * 1024;

/**
 * Reads one file: SHA-256 of all of it, text from its first TEXT_MAX_BYTES. Works with synchronous calls, which are
 * several times cheaper for small files, and so belongs into a thread of its own; between the pieces of a large file it
 * lets others run and calls `onProgress`. However many are read at once, only one text is in memory at a time: it is
 * taken last, in one go, and belongs to what was hashed.
 */
export async function readFile({ file, root, name, hash }: ReadRequest, onProgress: () => void): Promise<ReadAnswer> {
  let fd: number | undefined;
  try {
    const opened = openInside(file, root);
    fd = opened.fd;
    const { stats } = opened;
    const length = Math.min(stats.size, TEXT_MAX_BYTES);
    const isWhole = length === stats.size;
    const sums = hash === undefined && !isWhole ? await sumsOf(fd, stats.size, length, onProgress) : undefined;
    const head = readHead(fd, length);
    if (head === undefined || !isSame(stats, fstatSync(fd))) return changed;
    const sum = hash ?? sha256(head);
    if (hash === undefined && !isWhole && sums?.head !== sum) return changed;
    const content = contentOf(head, name);
    // Freed at once: the garbage collector would leave several of them.
    if (head.buffer !== small.buffer) (head.buffer as ArrayBuffer).transfer(0);
    const [size, modifiedMs] = [stats.size, Math.floor(stats.mtimeMs)];
    return { hash: sums?.whole ?? sum, size, modifiedMs, ...content };
  } catch (error) {
    return problemOf(error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

const changed: ReadProblem = { problem: 'changed', message: 'It changes while it is read.' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The beginning of the file, or undefined where the file is shorter than it was. Overwritten by the next call. */
function readHead(fd: number, length: number): Buffer | undefined {
  const head = length <= small.length ? small.subarray(0, length) : Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length; ) {
    const count = readSync(fd, head, at, length - at, at);
    if (count === 0) return undefined;
    at += count;
  }
  return head;
}
const small = Buffer.allocUnsafeSlow(SMALL_BYTES);

/** SHA-256 of the first `length` bytes and of all of them. */
async function sumsOf(fd: number, size: number, length: number, onProgress: () => void) {
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  const sum: Hash = createHash('sha256');
  let head = '';
  for (let at = 0; at < size; ) {
    const until = at < length ? length : size;
    const count = readSync(fd, piece, 0, Math.min(piece.length, until - at), at);
    if (count === 0) return undefined;
    sum.update(piece.subarray(0, count));
    at += count;
    if (at === length) head = sum.copy().digest('hex');
    onProgress();
    await setImmediate();
  }
  return { head, whole: sum.digest('hex') };
}

function contentOf(head: Buffer, name: string): Pick<ReadContent, 'mediaType' | 'title' | 'text'> {
  const asText = mediaTypeOf(name, true);
  const extractor = extractorFor(asText);
  const encoding = isSearchable(asText) ? encodingOf(head, extractor.declaredCharset) : undefined;
  if (encoding === undefined) return { mediaType: mediaTypeOf(name, false) };
  if (extractor.isPlain && isLongUtf8(head, encoding)) return { mediaType: asText, text: Uint8Array.from(head) };
  return { mediaType: asText, ...extractText(extractor, decode(head, encoding)) };
}

/** Such bytes are taken as they are: to make a string of them and bytes again takes twice the memory. */
const isLongUtf8 = (head: Buffer, encoding: string) =>
  encoding === 'utf-8' && head.length > SMALL_BYTES && head[0] !== 0xef && isUtf8(head);

const isSame = (a: Stats, b: Stats) => a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;

function problemOf(error: unknown): ReadProblem {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'no_such_file') return { problem: 'gone', message: (error as Error).message };
  return { problem: 'failed', message: systemAdvice(code, 'It') };
}
