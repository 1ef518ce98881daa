import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './durable-file.ts';
import { IdentityError } from './errors.ts';
import { IDENTITY_FOLDER } from './identity.ts';

/**
 * Counts this start of the identity: 1 at the first, one more each time, on disk before it is returned. Only one service
 * of a node calls it (pingback). `openIdentity` comes first.
 */
export async function nextIncarnation(dataDirectory: string): Promise<number> {
  const path = join(dataDirectory, IDENTITY_FOLDER, 'incarnation');
  const next = (await lastIncarnation(path)) + 1;
  await replaceFile(path, `${next}\n`);
  return next;
}

async function lastIncarnation(path: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw new IdentityError(`Cannot read ${path}: make it readable to this user.`, { cause: error });
  }
  if (/^\d{1,15}\n?$/.test(text)) return Number(text);
  throw new IdentityError(
    `${path} is damaged: write into it a number that is higher than the number of starts of this node so far.`,
  );
}
