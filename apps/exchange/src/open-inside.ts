import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync, type Stats } from 'node:fs';
import { sep } from 'node:path';

/** The file is not there, or is no regular file inside of its folder. */
export class NoSuchFileError extends Error {
  readonly code = 'no_such_file';
}

export interface OpenFile {
  readonly fd: number;
  readonly stats: Stats;
}

/** A link is never followed, and a fifo never waited for; Windows knows neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENODEV']);

/**
 * Opens a regular file that lies inside `root` (a real path) with no link on the way: what was opened must be what the
 * resolved path names, so that a folder that is replaced by a link meanwhile leads nowhere. The caller closes `fd`.
 * Throws NoSuchFileError, or the system's error where the file may not be read.
 */
export function openInside(file: string, root?: string): OpenFile {
  let fd: number | undefined;
  try {
    fd = openSync(file, FLAGS);
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new NoSuchFileError('It is no regular file.');
    if (root !== undefined) requireInside(file, root, stats);
    return { fd, stats };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) {
      throw new NoSuchFileError('There is no such file any more.', { cause: error });
    }
    throw error;
  }
}

function requireInside(file: string, root: string, opened: Stats): void {
  const real = realpathSync.native(file);
  const named = lstatSync(real);
  const inside = real.startsWith(root.endsWith(sep) ? root : root + sep);
  if (!inside || named.ino !== opened.ino || named.dev !== opened.dev) {
    throw new NoSuchFileError('It lies outside of the shared folder.');
  }
}
