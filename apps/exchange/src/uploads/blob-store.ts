import { createReadStream, type ReadStream } from 'node:fs';
import { link, mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '@kith/service';
import type { DocumentHash } from '@kith/wire';
import { DISK_RESERVE_BYTES } from '../config.ts';
import { syncFolder } from '../json-file.ts';
import { asDiskError, diskError } from './disk-error.ts';
import { removeLeftovers, stagedName, writeDown } from './staged-files.ts';

/** Content that has arrived and is on the disk, but nobody’s yet. */
export interface StagedBlob {
  readonly hash: DocumentHash;
  readonly size: number;
  /** Where it lies until `drop`. */
  readonly path: string;
  /** Puts it into the store, durably; may be called again. To be called in the writer’s turn, with its entry. */
  place(): Promise<void>;
  /** To be called in any case when it was placed or is not wanted. */
  drop(): Promise<void>;
}

/** Content that this node keeps itself, each once, in `<directory>/ab/cd/<sha256>`. */
export interface BlobStore {
  /** Bytes are on the disk, whatever happens, when this resolves. `disk_full`, `disk_failing`, `too_large` or the source's error otherwise. */
  receive(source: AsyncIterable<Uint8Array>, options: { limit: number }): Promise<StagedBlob>;
  /** Throws `disk_full` where so many bytes cannot be taken. */
  requireRoom(bytes: number): Promise<void>;
  pathOf(hash: DocumentHash): string;
  /** Where is written down how the content is called (UploadLabels). */
  labelPathOf(hash: DocumentHash): string;
  has(hash: DocumentHash): Promise<boolean>;
  /** Whether the store itself is there: without it nothing can be said of a content that is not found. */
  isThere(): Promise<boolean>;
  /** Puts damaged bytes out of the way, into `damaged/`: they may be all that is left of them. */
  setAside(hash: DocumentHash): Promise<void>;
  read(hash: DocumentHash): ReadStream;
  /**
   * The content and its label, unless `isHeld` says, when nobody can see it any more, that somebody has taken it on
   * meanwhile: while Redis is away replicas do not wait for each other.
   */
  remove(hash: DocumentHash, isHeld: () => Promise<boolean>): Promise<void>;
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

  async function place(staged: string, hash: DocumentHash): Promise<void> {
    const path = pathOf(hash);
    const folder = dirname(path);
    const created = await mkdir(folder, { recursive: true, mode: 0o700 });
    await putInPlace(staged, path);
    await syncFolder(folder);
    if (created !== undefined) await syncUp(folder, directory);
  }

  return {
    pathOf,
    labelPathOf,
    async receive(source, { limit }) {
      const path = join(incoming, stagedName());
      const drop = () => rm(path, { force: true });
      try {
        const blob = await writeDown(path, source, limit);
        const placing = () => place(path, blob.hash).catch((error) => Promise.reject(asDiskError(error)));
        return { ...blob, path, place: placing, drop };
      } catch (error) {
        await drop();
        throw asDiskError(error);
      }
    },
    async requireRoom(bytes) {
      const { bavail, bsize } = await statfs(incoming);
      if (bytes + DISK_RESERVE_BYTES > bavail * bsize) throw diskError('disk_full');
    },
    has: (hash) => exists(pathOf(hash)),
    isThere: () => exists(incoming),
    async setAside(hash) {
      await mkdir(join(directory, 'damaged'), { recursive: true, mode: 0o700 });
      await rename(pathOf(hash), join(directory, 'damaged', hash)).catch(unlessAbsent);
    },
    read: (hash) => createReadStream(pathOf(hash)),
    async remove(hash, isHeld) {
      const aside = join(incoming, stagedName());
      await rename(pathOf(hash), aside).catch(unlessAbsent);
      // Whoever writes its entry before this question is seen here; whoever does it later sees that the content is gone.
      if (await isHeld()) await link(aside, pathOf(hash)).catch(unlessAbsent);
      // A content without a label is a leftover; a label without a content would wait for one of the same hash.
      else await rm(labelPathOf(hash), { force: true });
      await rm(aside, { force: true });
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

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL']);

/** In one step, and so that the staged file stays where the file system can do that: for a second time. */
async function putInPlace(staged: string, path: string): Promise<void> {
  const second = `${staged}+`;
  try {
    await link(staged, second);
    await rename(second, path);
    // A file that is renamed to another name of itself stays.
    await rm(second, { force: true });
  } catch (error) {
    if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
    await rename(staged, path);
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const unlessAbsent = (error: unknown) => {
  if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
};

async function syncUp(folder: string, top: string): Promise<void> {
  for (let at = dirname(folder); at.startsWith(top); at = dirname(at)) await syncFolder(at);
}

async function namesOf(path: string, wanted: RegExp): Promise<string[]> {
  const names = await readdir(path).catch(() => [] as string[]);
  return names.filter((name) => wanted.test(name));
}
