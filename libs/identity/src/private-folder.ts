import { chmod, mkdir, stat } from 'node:fs/promises';
import { IdentityError } from './errors.ts';

const OTHERS = 0o077;

/**
 * Makes the data folder where it is missing, and keeps every other user of this computer out of it: what it holds are
 * this node's key and the text of its owner's files. One that others may enter is tightened; throws IdentityError with
 * the remedy where that cannot be done.
 */
export async function openPrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => {});
  // Windows keeps other users out of a user's folders by other means.
  if (process.platform === 'win32') return;
  const found = await stat(folder).catch(() => undefined);
  // Whatever keeps it from being looked at is said by whoever needs it.
  if (found === undefined || (found.mode & OTHERS) === 0) return;
  const refusal = await chmod(folder, 0o700).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  // What cannot be written at all cannot be tightened either, and holds nothing that is new.
  if (refusal === 'EROFS') return;
  const { mode, uid } = await stat(folder);
  if ((mode & OTHERS) === 0) return;
  const remedy =
    uid === process.getuid?.()
      ? 'its file system keeps no rights: set KITH_DATA to a folder on another one'
      : `it belongs to another user: run \`chown ${process.getuid?.()} ${folder}\` and \`chmod 700 ${folder}\` as its owner, or set KITH_DATA to a folder of your own`;
  throw new IdentityError(`Other users of this computer may enter the data folder ${folder}, and ${remedy}.`);
}
