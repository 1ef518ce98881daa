import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ServiceError } from '@kith/service';
import type { DocumentHash } from '@kith/wire';

const HOUR_MS = 3_600_000;

/** Writes a new file down to the disk; returns what it holds. `too_large` beyond `limit` bytes. */
export async function writeDown(
  path: string,
  source: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<{ hash: DocumentHash; size: number }> {
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

/** Name of a file on its way in or out. Says who writes it, so that another process knows whether it is a leftover: where, process, start of the process. */
export const stagedName = () => `${PLACE}~${process.pid}~${START}~${randomBytes(8).toString('hex')}`;
/** Within which a process number means one process: containers of one machine each count their own. */
const PLACE = encodeURIComponent(`${hostname()} ${processNamespace()}`);
const START = randomBytes(4).toString('hex');

/** Removes what processes that ended have left behind. */
export async function removeLeftovers(incoming: string): Promise<void> {
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

export const tooLarge = (limit: number) =>
  new ServiceError('too_large', `A file may have ${limit} bytes at most here (KITH_UPLOAD_LIMIT).`);
