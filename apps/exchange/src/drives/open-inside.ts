import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readlinkSync, type Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isWithin } from './is-within.ts';

/** The file is not there, or is no regular file inside of its folder. */
export class NoSuchFileError extends Error {
  readonly code = 'no_such_file';
}

export interface OpenFile {
  readonly fd: number;
  readonly stats: Stats;
}

export interface OpenInsideOptions {
  /** Default: file. */
  readonly kind?: 'file' | 'folder';
  /** Whether the system tells what lies behind a descriptor; the other way is for tests. */
  readonly byDescriptor?: boolean;
}

/** Linux names what a descriptor holds: `/proc/self/fd/<fd>` leads to that very file, whatever its name has become. */
export const descriptorPath = (fd: number) => `/proc/self/fd/${fd}`;
export const KNOWS_DESCRIPTORS = process.platform === 'linux' && existsSync('/proc/self/fd');

/** A link is never followed, and a fifo never waited for; Windows knows neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENODEV', 'EMLINK']);

/**
 * Opens a regular file, or a folder, that lies inside `root` (a real path) with no link on the way. What counts is what
 * was opened, not what the name leads to before or after: on Linux the system says where that is; elsewhere every folder
 * on the way must be the same before and after. The caller closes `fd`. Throws NoSuchFileError, or the system's error
 * where it may not be read. It may hang as long as the drive does: not for the main thread.
 */
export function openInside(file: string, root?: string, options: OpenInsideOptions = {}): OpenFile {
  const { kind = 'file', byDescriptor = KNOWS_DESCRIPTORS } = options;
  let fd: number | undefined;
  try {
    const way = root === undefined || byDescriptor ? undefined : wayTo(file, root);
    fd = openSync(file, kind === 'folder' ? FLAGS | (constants.O_DIRECTORY ?? 0) : FLAGS);
    const stats = fstatSync(fd);
    if (kind === 'folder' ? !stats.isDirectory() : !stats.isFile()) {
      throw new NoSuchFileError(kind === 'folder' ? 'It is no folder.' : 'It is no regular file.');
    }
    if (root !== undefined && byDescriptor && !isWithin(readlinkSync(descriptorPath(fd)), root)) throw outside();
    if (root !== undefined && way && !(way.at(-1) === identity(stats) && isEqual(way, wayTo(file, root)))) {
      throw outside();
    }
    return { fd, stats };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) {
      throw new NoSuchFileError('There is no such file any more.', { cause: error });
    }
    throw error;
  }
}

/** Which file or folder each part of the way is, from the root on; none of them may be a link. */
function wayTo(file: string, root: string): string[] {
  if (!isWithin(file, root)) throw outside();
  const parts = relative(root, file).split(sep);
  return [root, ...parts.map((_, i) => join(root, ...parts.slice(0, i + 1)))].map((part) => {
    const stats = lstatSync(part);
    if (stats.isSymbolicLink()) throw outside();
    return identity(stats);
  });
}

export const identity = ({ dev, ino }: Pick<Stats, 'dev' | 'ino'>) => `${dev}:${ino}`;
const isEqual = (a: readonly string[], b: readonly string[]) => a.join() === b.join();
const outside = () => new NoSuchFileError('It lies outside of the shared folder.');
