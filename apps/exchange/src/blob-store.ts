import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream, readlinkSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { ServiceError } from '@kith/service';
import type { DocumentHash } from '@kith/wire';
import { DISK_RESERVE_BYTES } from './config.ts';

export interface Blob {
  readonly hash: DocumentHash;
  readonly size: number;
}

/** Content that this node keeps itself, each once, in `<directory>/ab/cd/<sha256>`. */
export interface BlobStore {
  /** Bytes are on the disk, whatever happens, when this resolves. `disk_full`, `too_large` or the source's error otherwise. */
  receive(source: AsyncIterable<Uint8Array>, options: { limit: number }): Promise<Blob>;
  /** Throws `disk_full` where so many bytes cannot be taken. */
  requireRoom(bytes: number): Promise<void>;
  pathOf(hash: DocumentHash): string;
  /** Where is written down how the content is called (UploadLabels). */
  labelPathOf(hash: DocumentHash): string;
  has(hash: DocumentHash): Promise<boolean>;
  read(hash: DocumentHash): ReadStream;
  /** The content and its label. */
  remove(hash: DocumentHash): Promise<void>;
  /** All contents. Those younger than an hour may belong to an upload that is not written down yet. */
  all(): AsyncIterable<{ readonly hash: DocumentHash; readonly isOld: boolean }>;
}

const HOUR_MS = 3_600_000;
const HASH = /^[0-9a-f]{64}$/;

export async function openBlobStore(directory: string): Promise<BlobStore> {
  const incoming = join(directory, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeLeftovers(incoming);
  const pathOf = (hash: DocumentHash) => join(directory, hash.slice(0, 2), hash.slice(2, 4), hash);
  const labelPathOf = (hash: DocumentHash) => `${pathOf(hash)}.json`;

  return {
    pathOf,
    labelPathOf,
    async receive(source, { limit }) {
      const temporary = join(incoming, temporaryName());
      try {
        const blob = await writeDown(temporary, source, limit);
        const path = pathOf(blob.hash);
        const folder = dirname(path);
        const created = await mkdir(folder, { recursive: true, mode: 0o700 });
        await rename(temporary, path);
        await syncFolder(folder);
        if (created !== undefined) await syncUp(folder, directory);
        return blob;
      } catch (error) {
        await rm(temporary, { force: true });
        throw asDiskFull(error);
      }
    },
    async requireRoom(bytes) {
      const { bavail, bsize } = await statfs(incoming);
      if (bytes + DISK_RESERVE_BYTES > bavail * bsize) throw diskFull();
    },
    has: (hash) =>
      stat(pathOf(hash)).then(
        () => true,
        () => false,
      ),
    read: (hash) => createReadStream(pathOf(hash)),
    async remove(hash) {
      // A content without a label is a leftover; a label without a content would wait for one of the same hash.
      await rm(labelPathOf(hash), { force: true });
      await rm(pathOf(hash), { force: true });
    },
    async *all() {
      for (const first of await namesOf(directory, /^[0-9a-f]{2}$/))
        for (const second of await namesOf(join(directory, first), /^[0-9a-f]{2}$/))
          for (const hash of await namesOf(join(directory, first, second), HASH)) {
            const found = await stat(pathOf(hash)).catch(() => undefined);
            if (found) yield { hash, isOld: Date.now() - found.mtimeMs > HOUR_MS };
          }
    },
  };
}

async function writeDown(path: string, source: AsyncIterable<Uint8Array>, limit: number): Promise<Blob> {
  const file = await open(path, 'wx', 0o600);
  try {
    const sum = createHash('sha256');
    let size = 0;
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      sum.update(chunk);
      await writeAll(file, chunk);
    }
    await file.sync();
    return { hash: sum.digest('hex'), size };
  } finally {
    await file.close();
  }
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
}

/** A rename is only as durable as the folder that it stands in. Windows cannot do this, and needs it less. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function syncUp(folder: string, top: string): Promise<void> {
  for (let at = dirname(folder); at.startsWith(top); at = dirname(at)) await syncFolder(at);
}

/** Says who writes it, so that another process knows whether it is a leftover: where, process, start of the process. */
const temporaryName = () => `${PLACE}~${process.pid}~${START}~${randomBytes(8).toString('hex')}`;
/** Within which a process number means one process: containers of one machine each count their own. */
const PLACE = encodeURIComponent(`${hostname()} ${processNamespace()}`);
const START = randomBytes(4).toString('hex');

async function removeLeftovers(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? 0);
    // An upload that stands still is given up after a minute (UPLOAD_SILENCE_MS).
    if (isAbandoned(name) || age > HOUR_MS) await rm(path, { force: true });
  }
}

function isAbandoned(name: string): boolean {
  const [place, pid, start] = name.split('~');
  if (place !== PLACE || start === START) return false;
  return Number(pid) === process.pid || !isRunning(Number(pid));
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function namesOf(path: string, wanted: RegExp): Promise<string[]> {
  const names = await readdir(path).catch(() => [] as string[]);
  return names.filter((name) => wanted.test(name));
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const asDiskFull = (error: unknown) =>
  FULL.has((error as NodeJS.ErrnoException).code ?? '') ? diskFull(error) : error;
const diskFull = (cause?: unknown) =>
  new ServiceError('disk_full', 'The disk of this node is full: free some space and send it again.', { cause });
const tooLarge = (limit: number) =>
  new ServiceError('too_large', `A file may have ${limit} bytes at most here (KITH_UPLOAD_LIMIT).`);
