import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat, statfs, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';

const NAME = 'room-kept-free';
/** Enough for the journal of a database that takes things off. */
const BYTES = 8 * 1024 * 1024;
/** A start takes as much of it, as long as at least as much stays for deleting as is taken. */
const START_BYTES = 2 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
const FULL = new Set(['ENOSPC', 'EDQUOT', 'disk_full']);

/** Whether something failed because there was no room. */
export function isDiskFull(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) if (FULL.has(codeOf(one) ?? '')) return true;
  return false;
}

/**
 * A file that only takes up room. On a full disk it is given up, so that the owner can delete and the node can start: to
 * take something off, a database has to write first.
 */
export class RoomReserve {
  readonly #file: string;
  readonly #directory: string;

  constructor(dataDirectory: string) {
    this.#directory = dataDirectory;
    this.#file = join(dataDirectory, NAME);
  }

  /** Makes the file where it is missing and there is plenty of room. Never throws: the next time will do. */
  async keep(): Promise<void> {
    if ((await this.#size()) >= BYTES) return;
    const draft = `${this.#file}.new`;
    try {
      if ((await freeBytes(this.#directory)) < 4 * BYTES) return;
      const file = await open(draft, 'w', 0o600);
      try {
        // Random, so that no file system saves the room by compressing it.
        const piece = randomBytes(PIECE_BYTES);
        for (let at = 0; at < BYTES; at += PIECE_BYTES) await file.write(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.#file);
    } catch {
      await rm(draft, { force: true }).catch(() => {});
    }
  }

  /** Gives the room up; false where there was none to give. */
  async release(): Promise<boolean> {
    if ((await this.#size()) === 0) return false;
    return rm(this.#file, { force: true }).then(
      () => true,
      () => false,
    );
  }

  /** To be called before anything is opened: a start writes a little, and a full disk has no room for it. Never throws. */
  async makeRoomToStart(): Promise<void> {
    const free = await freeBytes(this.#directory).catch(() => Number.POSITIVE_INFINITY);
    const size = await this.#size();
    if (free < START_BYTES && size >= 2 * START_BYTES) await truncate(this.#file, size - START_BYTES).catch(() => {});
  }

  /** Runs what takes something off; once more with the room that is given up, where the disk is full. */
  async use<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      if (!isDiskFull(error) || !(await this.release())) throw error;
      return task();
    }
  }

  async #size(): Promise<number> {
    return stat(this.#file).then(
      ({ size }) => size,
      () => 0,
    );
  }
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
