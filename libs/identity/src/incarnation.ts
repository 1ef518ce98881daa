import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './durable-file.ts';
import { IdentityError } from './errors.ts';
import { IDENTITY_FOLDER } from './identity.ts';

/**
 * Counts this start of the identity: 1 at the first, one more each time, on disk before it is returned. Only one service
 * of a node calls it (pingback). `openIdentity` comes first. A count that is damaged goes on from the seconds since 1970,
 * which are more than there were starts; `onDamage` is told, by default as a process warning.
 */
export async function nextIncarnation(
  dataDirectory: string,
  { now = Date.now, onDamage = (sentence: string) => process.emitWarning(sentence) } = {},
): Promise<number> {
  const path = join(dataDirectory, IDENTITY_FOLDER, 'incarnation');
  let last = await lastIncarnation(path);
  if (last === undefined) {
    last = Math.max(0, Math.floor(now() / 1000));
    onDamage(`${path} is damaged: the starts of this node are counted from ${last + 1} on.`);
  }
  const next = last + 1;
  await replaceFile(path, `${next}\n`);
  return next;
}

/** Undefined where the file does not hold a count. */
async function lastIncarnation(path: string): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw new IdentityError(`Cannot read ${path}: make it readable to this user.`, { cause: error });
  }
  return /^\d{1,15}\n?$/.test(text) ? Number(text) : undefined;
}
