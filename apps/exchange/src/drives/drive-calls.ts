import { close, type Dirent, fstat, read, type Stats } from 'node:fs';
import { lstat, opendir, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeName, escapeName } from './file-names.ts';
import { descriptorPath, identity, KNOWS_DESCRIPTORS, NoSuchFileError, openInside } from './open-inside.ts';

/*
 * What is asked of a drive. Each of these hangs as long as the drive does, so that they run in a process of their own
 * (drive-process.ts); the first access of each is made in the thread pool, which leaves the others going.
 */

export interface RootFound {
  readonly real: string;
  /** Device and inode: another drive at the same place has another one. */
  readonly identity: string;
  readonly isFolder: boolean;
  readonly isEmpty: boolean;
}

export interface FileFacts {
  readonly size: number;
  /** Whole milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly identity: string;
  /** Names that lead to this file. */
  readonly links: number;
}

export interface Listed {
  /** `bad-name`: bytes that are no UTF-8; the name is then made readable. */
  readonly kind: 'file' | 'folder' | 'bad-name';
  readonly name: string;
}

export interface FolderListing {
  readonly identity: string;
  /** Everything but links, sockets, fifos and devices; in no order. */
  readonly entries: readonly Listed[];
}

/** A path in a shared folder: `root` is real and absolute, `path` relative with `/`. */
export interface Place {
  readonly root: string;
  readonly path: string;
}

export type Looked = { readonly kind: 'folder' } | ({ readonly kind: 'file' } & FileFacts) | undefined;

const closeFd = promisify(close);
const factsFd = promisify(fstat);
const readFd = promisify(read);

async function findRoot({ path }: { path: string }): Promise<RootFound> {
  const real = await realpath(path);
  const stats = await stat(real);
  const isFolder = stats.isDirectory();
  return { real, identity: identity(stats), isFolder, isEmpty: isFolder && (await isEmptyFolder(real)) };
}

async function isEmptyFolder(path: string): Promise<boolean> {
  const folder = await opendir(path);
  try {
    return (await folder.read()) === null;
  } finally {
    await folder.close();
  }
}

async function listFolder(place: Place): Promise<FolderListing> {
  return inFolder(place, async (folder, own) => {
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    return { identity: own, entries: entries.flatMap(listed) };
  });
}

/** Of each name in the folder, undefined where it is no regular file any more. */
async function statFiles({
  names,
  ...place
}: Place & { names: readonly string[] }): Promise<(FileFacts | undefined)[]> {
  return inFolder(place, async (folder) => {
    const found: (FileFacts | undefined)[] = [];
    // Two at a time: each holds a thread while the drive hangs.
    for (let i = 0; i < names.length; i += 2) {
      const some = names.slice(i, i + 2).map((name) => lstat(join(folder, name)).catch(absent));
      for (const stats of await Promise.all(some)) found.push(stats?.isFile() ? factsOf(stats) : undefined);
    }
    return found;
  });
}

/** One path; undefined where there is nothing that can be shared, nor inside of the folder. */
async function lookAt({ root, path }: Place): Promise<Looked> {
  const end = path.lastIndexOf('/') + 1;
  const look = async (folder: string): Promise<Looked> => {
    const stats = await lstat(join(folder, path.slice(end))).catch(absent);
    if (stats?.isDirectory()) return { kind: 'folder' };
    return stats?.isFile() ? { kind: 'file', ...factsOf(stats) } : undefined;
  };
  try {
    return await inFolder({ root, path: path.slice(0, end) }, look);
  } catch (error) {
    if (error instanceof NoSuchFileError) return undefined;
    return absent(error);
  }
}

/** The caller closes `handle`. */
async function openFile({ root, path }: Place): Promise<{ handle: number } & FileFacts> {
  const full = join(root, path);
  await lstat(full);
  const { fd, stats } = openInside(full, root);
  return { handle: fd, ...factsOf(stats) };
}

/** Fewer bytes than asked for only at the end of the file. */
async function readFile({ handle, at, length }: { handle: number; at: number; length: number }): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await readFd(handle, buffer, got, length - got, at + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return buffer.subarray(0, got);
}

export const driveCalls = {
  findRoot,
  listFolder,
  statFiles,
  lookAt,
  openFile,
  readFile,
  factsOf: async ({ handle }: { handle: number }): Promise<FileFacts> => factsOf(await factsFd(handle)),
  closeFile: ({ handle }: { handle: number }): Promise<void> => closeFd(handle),
} as const;
export type DriveCalls = typeof driveCalls;

/**
 * Works in a folder of a shared one by a path that still leads into that very folder when its name has become a link:
 * through the descriptor on Linux; elsewhere it is looked at once more afterwards.
 */
export async function inFolder<T>(
  { root, path }: Place,
  work: (folder: string, identity: string) => Promise<T>,
): Promise<T> {
  const full = join(root, path);
  await lstat(full);
  const { fd, stats } = openInside(full, root, { kind: 'folder' });
  try {
    const result = await work(KNOWS_DESCRIPTORS ? descriptorPath(fd) : full, identity(stats));
    if (!KNOWS_DESCRIPTORS) await requireStill(full, root, identity(stats));
    return result;
  } finally {
    await closeFd(fd);
  }
}

async function requireStill(full: string, root: string, before: string): Promise<void> {
  const { fd, stats } = openInside(full, root, { kind: 'folder' });
  await closeFd(fd);
  if (identity(stats) !== before) throw new NoSuchFileError('The folder was replaced while it was looked at.');
}

const factsOf = (stats: Stats): FileFacts => ({
  size: stats.size,
  modifiedMs: Math.floor(stats.mtimeMs),
  identity: identity(stats),
  links: stats.nlink,
});

function absent(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
  throw error;
}

function listed(entry: Dirent<Buffer<ArrayBuffer>>): Listed[] {
  const kind = entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : undefined;
  if (kind === undefined) return [];
  const name = decodeName(entry.name);
  return [name === undefined ? { kind: 'bad-name', name: escapeName(entry.name) } : { kind, name }];
}
