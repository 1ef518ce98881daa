import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, readSync, type Stats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { TEXT_MAX_BYTES } from './config.ts';
import { decodeText } from './decode-text.ts';
import { extractorFor, extractText } from './extract-text.ts';
import type { ReadAnswer, ReadProblem, ReadRequest } from './file-reading.ts';
import { isSearchable, mediaTypeOf } from './media-type.ts';
import { openInside } from './open-inside.ts';
import { systemAdvice } from './reading/system-advice.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads one file: SHA-256 of all of it, text from its first TEXT_MAX_BYTES. Works with synchronous calls, which are
 * several times cheaper for small files, and so belongs into a thread of its own; between the pieces of a large file it
 * lets others run and calls `onProgress`.
 */
export async function readFile({ file, root, name, hash }: ReadRequest, onProgress: () => void): Promise<ReadAnswer> {
  let fd: number | undefined;
  try {
    const opened = openInside(file, root);
    fd = opened.fd;
    const { stats } = opened;
    const sum = hash === undefined ? createHash('sha256') : undefined;
    const head = readHead(fd, stats.size, sum);
    if (sum && head && head.length < stats.size && !(await hashRest(fd, head.length, stats.size, sum, onProgress))) {
      return changed;
    }
    if (head === undefined || !isSame(stats, fstatSync(fd))) return changed;
    const content = contentOf(head, name);
    const [size, modifiedMs] = [stats.size, Math.floor(stats.mtimeMs)];
    return { hash: hash ?? sum?.digest('hex') ?? '', size, modifiedMs, ...content };
  } catch (error) {
    return problemOf(error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

const changed: ReadProblem = { problem: 'changed', message: 'It changes while it is read.' };

/** The beginning of the file, or undefined where the file is shorter than it was. */
function readHead(fd: number, size: number, sum: Hash | undefined): Buffer | undefined {
  const length = Math.min(size, TEXT_MAX_BYTES);
  // Nothing else runs in this thread until a small file is done, so that all of them share one piece of memory.
  const head = length <= scratch.length ? scratch.subarray(0, length) : Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const count = readSync(fd, head, at, length - at, at);
    if (count === 0) return undefined;
    at += count;
  }
  sum?.update(head);
  return head;
}
const scratch = Buffer.allocUnsafe(256 * 1024);

/** Whether the file is as long as it was. */
async function hashRest(fd: number, from: number, size: number, sum: Hash, onProgress: () => void): Promise<boolean> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let at = from; at < size; ) {
    const count = readSync(fd, chunk, 0, Math.min(chunk.length, size - at), at);
    if (count === 0) return false;
    sum.update(chunk.subarray(0, count));
    at += count;
    onProgress();
    await setImmediate();
  }
  return true;
}

function contentOf(head: Buffer, name: string): { mediaType: string; title?: string | undefined; text?: string } {
  const asText = mediaTypeOf(name, true);
  const extractor = extractorFor(asText);
  const source = isSearchable(asText) ? decodeText(head, extractor.declaredCharset) : undefined;
  if (source === undefined) return { mediaType: mediaTypeOf(name, false) };
  return { mediaType: asText, ...extractText(extractor, source) };
}

const isSame = (a: Stats, b: Stats) => a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;

function problemOf(error: unknown): ReadProblem {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'no_such_file') return { problem: 'gone', message: (error as Error).message };
  return { problem: 'failed', message: systemAdvice(code, 'It') };
}
