import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { isIgnored } from './ignored-names.ts';
import { systemAdvice } from './reading/system-advice.ts';

/** What a walk comes upon. Paths are relative to the root, with `/`; a folder's ends with `/`. */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly size: number; readonly modifiedMs: number }
  /** A file or folder that is there and cannot be shared; nothing is known of what is in the folder. */
  | { readonly kind: 'problem'; readonly path: string; readonly message: string };

export interface WalkOptions {
  /** Real path of the shared folder. */
  readonly root: string;
  /** Where to begin: '' or a folder that ends with `/`. */
  readonly from?: string;
  /** Called before a folder is read, so that no change after that is missed. */
  readonly onFolder: (path: string) => void;
  /** Absolute real path that is left out: the node's own data. */
  readonly except: string;
  readonly signal: AbortSignal;
}

/** Entries whose size and time are asked for at the same time. */
const AT_ONCE = 16;

/**
 * All regular files under a folder, in order of path by UTF-16 units (as the catalogue has them): a folder's name counts
 * with its `/`. Links, sockets, fifos and devices are left out, and what `isIgnored` says. Reads one folder at a time.
 * Throws where the folder at the beginning cannot be read.
 */
export async function* walk(options: WalkOptions): AsyncGenerator<Found> {
  const { root, from = '', signal } = options;
  signal.throwIfAborted();
  options.onFolder(from);
  const entries = await entriesOf(join(root, from));
  for (let i = 0; i < entries.length; ) {
    signal.throwIfAborted();
    const entry = entries[i] as Entry;
    if (entry.kind === 'folder') {
      i++;
      const path = `${from}${entry.name}/`;
      if (!isWithin(join(root, path), options.except)) yield* walkInto(path, options);
    } else {
      let end = i;
      while (end < entries.length && end - i < AT_ONCE && entries[end]?.kind !== 'folder') end++;
      const some = await Promise.all(entries.slice(i, end).map((one) => look(root, from, one)));
      for (const found of some) if (found) yield found;
      i = end;
    }
  }
}

/** Whether an absolute path is a folder, or in it. */
export function isWithin(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside));
}

async function* walkInto(path: string, options: WalkOptions): AsyncGenerator<Found> {
  try {
    yield* walk({ ...options, from: path });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (options.signal.aborted || code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    yield { kind: 'problem', path, message: systemAdvice(code, 'This folder') };
  }
}

interface Entry {
  readonly kind: 'file' | 'folder' | 'bad-name';
  readonly name: string;
}

async function entriesOf(path: string): Promise<Entry[]> {
  const found = (await readdir(path, { withFileTypes: true, encoding: 'buffer' })).flatMap(entryOf);
  const keyed = found.map((entry) => ({ entry, key: entry.kind === 'folder' ? `${entry.name}/` : entry.name }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ entry }) => entry);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function entryOf(entry: Dirent<Buffer<ArrayBuffer>>): Entry[] {
  const kind = entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : undefined;
  if (kind === undefined) return [];
  const name = decodeName(entry.name);
  if (name === undefined) return [{ kind: 'bad-name', name: escapeName(entry.name) }];
  return isIgnored(name, kind) ? [] : [{ kind, name }];
}

/** A name as text, or undefined where its bytes are no UTF-8. */
export function decodeName(name: Uint8Array): string | undefined {
  try {
    return utf8.decode(name);
  } catch {
    return undefined;
  }
}

/** Each byte outside of printable ASCII as `\xHH`, as `ls -b` does. */
function escapeName(name: Uint8Array): string {
  return [...name]
    .map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`))
    .join('');
}

async function look(root: string, from: string, { kind, name }: Entry): Promise<Found | undefined> {
  const path = `${from}${name}`;
  if (kind === 'bad-name') return { kind: 'problem', path, message: 'Its name is not UTF-8: rename it to share it.' };
  return lookAt(root, path);
}

/** One path as a walk would find it; undefined where there is no regular file. */
export async function lookAt(root: string, path: string): Promise<(Found & { kind: 'file' }) | undefined> {
  const stats = await lstat(join(root, path)).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  return { kind: 'file', path, size: stats.size, modifiedMs: Math.floor(stats.mtimeMs) };
}
