import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { decodeName } from './walk.ts';

/**
 * Watches the folders of one share. An event is a hint that something happened to a name, never more: whoever is told
 * looks for himself. Linux has one watch a folder (chokidar would take one a file as well, and read names as UTF-8 only);
 * macOS and Windows watch a whole tree with one.
 */
export interface FolderWatch {
  /** Watches a folder, '' or a path that ends with `/`; once for each folder. */
  add(path: string): void;
  /** Ends the watches of a folder and all within. */
  remove(path: string): void;
  /** Set once the system had no more watches to give. */
  readonly limited: boolean;
  close(): void;
}

export interface FolderWatchOptions {
  readonly root: string;
  /** Path that something happened to; a path that ends with `/` means anything in that folder. */
  readonly onHint: (path: string) => void;
  readonly onLimit: () => void;
}

const OUT_OF_WATCHES = new Set(['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM']);
const WHOLE_TREE = process.platform === 'darwin' || process.platform === 'win32';

export function createFolderWatch({ root, onHint, onLimit }: FolderWatchOptions): FolderWatch {
  const watches = new Map<string, FSWatcher>();
  let limited = false;

  const noticeLimit = (error: unknown) => {
    if (!OUT_OF_WATCHES.has((error as NodeJS.ErrnoException).code ?? '')) return;
    limited = true;
    onLimit();
  };

  return {
    add(path) {
      if (limited || watches.has(path) || (WHOLE_TREE && path !== '')) return;
      try {
        const options = { encoding: 'buffer' as const, recursive: WHOLE_TREE, persistent: false };
        const one = watch(join(root, path), options, (_type, name) => onHint(pathOf(path, name)));
        watches.set(path, one);
        one.on('error', (error) => {
          one.close();
          watches.delete(path);
          noticeLimit(error);
          onHint(path);
        });
      } catch (error) {
        // A folder that may not be read is reported by whoever reads it.
        noticeLimit(error);
      }
    },
    remove(path) {
      for (const [at, one] of watches) {
        if (!at.startsWith(path)) continue;
        one.close();
        watches.delete(at);
      }
    },
    get limited() {
      return limited;
    },
    close() {
      for (const one of watches.values()) one.close();
      watches.clear();
    },
  };
}

function pathOf(folder: string, name: Buffer | null): string {
  const text = name === null || name.length === 0 ? undefined : decodeName(name);
  return text === undefined ? folder : folder + text.replaceAll('\\', process.platform === 'win32' ? '/' : '\\');
}
