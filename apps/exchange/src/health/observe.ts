import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@kith/service';
import type { Observed } from './verdict.ts';

type FolderSeen = Pick<Observed, 'folderError' | 'isOtherFolder' | 'freeBytes' | 'writeError'>;

/** Looks at one data folder: whether it is the one of the start, its room, and whether what is written reaches the disk. */
export class FolderObserver {
  readonly #folder: string;
  #known: { dev: number; ino: number } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `isWriting`: also writes a small file down to the disk, which wakes a disk that sleeps. */
  async look({ isWriting }: { isWriting: boolean }): Promise<FolderSeen> {
    try {
      const { dev, ino } = await stat(this.#folder);
      this.#known ??= { dev, ino };
      const isOtherFolder = this.#known.ino !== ino || this.#known.dev !== dev;
      const { bavail, bsize } = await statfs(this.#folder);
      const seen = { isOtherFolder, freeBytes: bavail * bsize };
      // Nothing is written into a folder that is not ours.
      if (!isWriting || isOtherFolder) return seen;
      return { ...seen, writeError: await this.#write() };
    } catch (error) {
      return { folderError: codeOf(error) ?? 'EIO' };
    }
  }

  async #write(): Promise<string | undefined> {
    const path = join(this.#folder, `write-test.${randomBytes(4).toString('hex')}`);
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.write('.');
        await file.sync();
      } finally {
        await file.close();
      }
      return undefined;
    } catch (error) {
      return codeOf(error) ?? 'EIO';
    } finally {
      await rm(path, { force: true }).catch(() => {});
    }
  }
}

/** Open files of this process and their limit, where the system tells (Linux). */
export async function observeDescriptors(): Promise<Observed['descriptors']> {
  if (process.platform !== 'linux') return undefined;
  try {
    const limits = await readFile('/proc/self/limits', 'utf8');
    const limit = Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
    return { open: (await readdir('/proc/self/fd')).length, limit };
  } catch {
    return undefined;
  }
}
