import { join } from 'node:path';
import type { FileFacts, FolderListing, Listed } from '../drives/drive-calls.ts';
import { systemAdvice } from '../reading/system-advice.ts';
import type { OwnData } from './own-data.ts';
import type { LeftOut, ShareRules } from './share-rules.ts';

/** What a walk comes upon. Paths are relative to the root, with `/`; a folder's ends with `/`. */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly size: number; readonly modifiedMs: number }
  /** A file or folder that is there and cannot be shared; nothing is known of what is in the folder. */
  | { readonly kind: 'problem'; readonly path: string; readonly message: string };

/** How a walk sees its folder: Drives, bound to one share. */
export interface Tree {
  list(path: string): Promise<FolderListing>;
  stats(path: string, names: readonly string[]): Promise<readonly (FileFacts | undefined)[]>;
}

export interface WalkOptions {
  readonly tree: Tree;
  /** Real path of the shared folder. */
  readonly root: string;
  /** Where to begin: '' or a folder that ends with `/`. */
  readonly from?: string;
  /** Awaited before a folder is read, so that no change after that is missed. */
  readonly onFolder: (path: string) => Promise<void>;
  readonly onLeftOut: (leftOut: LeftOut) => void;
  readonly rules: ShareRules;
  readonly ownData: OwnData;
  readonly signal: AbortSignal;
}

/** Entries whose size and time are asked for at the same time. */
const AT_ONCE = 256;

/**
 * All regular files under a folder, in order of path by UTF-16 units (as the catalogue has them): a folder's name counts
 * with its `/`. Links, sockets, fifos and devices are left out, and what the rules say. Reads one folder at a time.
 * Throws where the folder at the beginning cannot be read.
 */
export async function* walk(options: WalkOptions): AsyncGenerator<Found> {
  const { tree, root, from = '', ownData, signal } = options;
  signal.throwIfAborted();
  if (ownData.holdsFolder(join(root, from))) return;
  await options.onFolder(from);
  const listing = await tree.list(from);
  if (ownData.holdsFolder(root, listing.identity)) return;
  const entries = inOrder(listing.entries).filter((entry) => isWanted(entry, options));
  for (let i = 0; i < entries.length; ) {
    signal.throwIfAborted();
    const entry = entries[i] as Listed;
    if (entry.kind === 'folder') {
      i++;
      yield* walkInto(`${from}${entry.name}/`, options);
    } else {
      let end = i;
      while (end < entries.length && end - i < AT_ONCE && entries[end]?.kind !== 'folder') end++;
      yield* look(entries.slice(i, end), options);
      i = end;
    }
  }
}

async function* walkInto(path: string, options: WalkOptions): AsyncGenerator<Found> {
  try {
    yield* walk({ ...options, from: path });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (options.signal.aborted || code === undefined || NOT_OF_ONE_FOLDER.has(code)) throw error;
    if (GONE.has(code)) return;
    yield { kind: 'problem', path, message: systemAdvice(code, 'This folder') };
  }
}

const GONE = new Set(['ENOENT', 'ENOTDIR', 'no_such_file']);
/** The whole drive is silent, or whoever reads it has ended. */
const NOT_OF_ONE_FOLDER = new Set(['ETIMEDOUT', 'document_away']);

/** Whether an entry may be shared, by its name; what the owner is to know of is told. */
function isWanted({ kind, name }: Listed, { from = '', rules, onLeftOut }: WalkOptions): boolean {
  if (kind === 'bad-name') return true;
  const leftOut = rules.leftOut(kind === 'folder' ? `${from}${name}/` : `${from}${name}`, SIZE_UNKNOWN);
  if (leftOut?.reason !== undefined) onLeftOut(leftOut);
  return leftOut === undefined;
}
/** What a name means only up to some size is decided when the size is known. */
const SIZE_UNKNOWN = Number.POSITIVE_INFINITY;

async function* look(entries: readonly Listed[], options: WalkOptions): AsyncGenerator<Found> {
  const { tree, from = '', rules, ownData, onLeftOut } = options;
  const names = entries.filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const facts = new Map(zip(names, names.length === 0 ? [] : await tree.stats(from, names)));
  for (const { kind, name } of entries) {
    const path = `${from}${name}`;
    if (kind === 'bad-name') yield { kind: 'problem', path, message: 'Its name is not UTF-8: rename it to share it.' };
    const found = facts.get(name);
    if (kind === 'bad-name' || found === undefined) continue;
    const leftOut = (await ownData.holdsFile(found)) ? { path, reason: OWN } : rules.leftOut(path, found.size);
    if (leftOut?.reason !== undefined) onLeftOut(leftOut);
    if (!leftOut) yield { kind: 'file', path, size: found.size, modifiedMs: found.modifiedMs };
  }
}
const OWN = 'this node’s own data';

function zip<A, B>(names: readonly A[], values: readonly B[]): [A, B][] {
  return values.map((value, i) => [names[i] as A, value]);
}

function inOrder(entries: readonly Listed[]): Listed[] {
  const keyed = entries.map((entry) => ({ entry, key: entry.kind === 'folder' ? `${entry.name}/` : entry.name }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ entry }) => entry);
}
