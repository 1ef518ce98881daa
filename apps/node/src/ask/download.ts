import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat, truncate } from 'node:fs/promises';
import type { Api } from './api.ts';
import type { Holder } from './holders.ts';

export type Outcome = 'done' | 'cut-off' | 'refused' | 'wrong-content';
export interface DownloadOptions {
  readonly api: Api;
  readonly hash: string;
  readonly holder: Holder;
  /** Grows as bytes arrive; what is there already is kept and only the rest is asked for. */
  readonly partFile: string;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number, size: number) => void;
}

/** How long a holder may send nothing. */
const SILENCE_MS = 20_000;

/**
 * Fetches the rest of a document from one holder into `partFile`. `done` only if the SHA-256 of the whole is right.
 * `cut-off`: what arrived is kept for the next holder. `wrong-content`: the file is emptied, because it is not known which
 * part is wrong. Never writes more than the size that the holder claims.
 */
export async function downloadFrom(options: DownloadOptions): Promise<Outcome> {
  const { api, hash, holder, partFile, signal, onProgress } = options;
  let have = await sizeOf(partFile);
  if (have > holder.size) {
    await truncate(partFile, 0);
    have = 0;
  }
  const digest = createHash('sha256');
  if (have > 0) for await (const chunk of createReadStream(partFile)) digest.update(chunk);
  if (have < holder.size || have === 0) {
    const silence = new AbortController();
    const path = `${holder.prefix}/api/documents/${hash}/content`;
    const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
    const answer = await api.raw(path, { headers, signal: AbortSignal.any([signal, silence.signal]) });
    const continues = answer.status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${have}-`);
    if (have > 0 ? !continues : answer.status !== 200) {
      await answer.body?.cancel();
      if (have === 0 || answer.status !== 200) return 'refused';
      // It does not do ranges: from the beginning.
      await truncate(partFile, 0);
      return downloadFrom(options);
    }
    const file = await open(partFile, 'a', 0o600);
    try {
      const whole = await receive({ body: answer.body, file, digest, have, size: holder.size, silence, onProgress });
      await file.sync();
      if (whole !== 'whole') {
        signal.throwIfAborted();
        return whole;
      }
    } finally {
      await file.close();
    }
  }
  if (digest.digest('hex') === hash) return 'done';
  await truncate(partFile, 0);
  return 'wrong-content';
}

async function receive(options: {
  body: ReadableStream<Uint8Array> | null;
  file: FileHandle;
  digest: Hash;
  have: number;
  size: number;
  silence: AbortController;
  onProgress: (bytes: number, size: number) => void;
}): Promise<'whole' | 'cut-off' | 'wrong-content'> {
  const { body, file, digest, size, silence, onProgress } = options;
  let have = options.have;
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    for await (const chunk of body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      have += chunk.length;
      if (have > size) return 'wrong-content';
      digest.update(chunk);
      await file.write(chunk);
      onProgress(have, size);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    return 'cut-off';
  } finally {
    clearTimeout(timer);
  }
  return have === size ? 'whole' : 'cut-off';
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}
