import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '@kith/service';
import type { z } from 'zod';

/** What a small file holds; undefined where there is none, or none that can be read. */
export async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Replaces a file in one step, readable by this user only. Without `durable` it is not synced: a power cut may take it.
 * With it, a full disk does not stop it either, as long as the new text needs no more room than the old one: it is then
 * written in place.
 */
export async function replaceFile(file: string, text: string, { durable = false } = {}): Promise<void> {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await write(draft, { text, flags: 'wx', durable });
    await rename(draft, file);
    if (durable) await syncFolder(dirname(file));
  } catch (error) {
    await rm(draft, { force: true });
    if (!durable || !FULL.has(codeOf(error) ?? '')) throw error;
    await write(file, { text, flags: 'r+', durable });
  }
}

/** A rename is only as durable as the folder that it stands in. Windows cannot do this, and needs it less. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function write(
  path: string,
  { text, flags, durable }: { text: string; flags: 'wx' | 'r+'; durable: boolean },
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(text);
    await file.truncate(Buffer.byteLength(text));
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
}
