import { type FSWatcher, watch } from 'node:fs';
import { inFolder, type Place } from './drive-calls.ts';
import { decodeName } from './file-names.ts';

export interface FolderWatchesOptions {
  /** Path that something happened to in the share of `watch`; one that ends with `/` means anything in that folder. */
  readonly onHint: (watch: number, path: string) => void;
  /** The system had no more watches to give. */
  readonly onLimit: (watch: number) => void;
}

/** Numbers of one share's watches: which share, and its folder, '' or a path that ends with `/`. */
export interface WatchPlace {
  readonly watch: number;
  readonly path: string;
}

const OUT_OF_WATCHES = new Set(['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM']);
const WHOLE_TREE = process.platform === 'darwin' || process.platform === 'win32';

/**
 * Watches the folders of shares. An event is a hint that something happened to a name, never more: whoever is told
 * looks for himself. Linux has one watch a folder (chokidar would take one a file as well, and read names as UTF-8 only);
 * macOS and Windows watch a whole tree with one.
 */
export class FolderWatches {
  readonly #options: FolderWatchesOptions;
  readonly #shares = new Map<number, Map<string, FSWatcher | 'opening'>>();
  readonly #limited = new Set<number>();

  constructor(options: FolderWatchesOptions) {
    this.#options = options;
  }

  /** Watches a folder; once for each folder, and never one that is outside of the share or a link to somewhere else. */
  async add({ watch: share, root, path }: WatchPlace & Place): Promise<void> {
    const watches = this.#shares.get(share) ?? new Map<string, FSWatcher | 'opening'>();
    if (this.#limited.has(share) || watches.has(path) || (WHOLE_TREE && path !== '')) return;
    this.#shares.set(share, watches);
    watches.set(path, 'opening');
    try {
      const one = await inFolder({ root, path }, async (folder) => this.#open(folder, { share, path, watches }));
      if (watches.get(path) === 'opening') watches.set(path, one);
      else one.close();
    } catch (error) {
      // A folder that may not be read is reported by whoever reads it.
      watches.delete(path);
      this.#noticeLimit(share, error);
    }
  }

  remove({ watch: share, path }: WatchPlace): void {
    const watches = this.#shares.get(share);
    for (const [at, one] of watches ?? []) {
      if (!at.startsWith(path)) continue;
      if (one !== 'opening') one.close();
      watches?.delete(at);
    }
    if (path !== '') return;
    this.#shares.delete(share);
    this.#limited.delete(share);
  }

  #open(
    folder: string,
    { share, path, watches }: { share: number; path: string; watches: Map<string, FSWatcher | 'opening'> },
  ): FSWatcher {
    const options = { encoding: 'buffer' as const, recursive: WHOLE_TREE, persistent: false };
    const one = watch(folder, options, (_type, name) => this.#options.onHint(share, pathOf(path, name)));
    one.on('error', (error) => {
      one.close();
      if (watches.get(path) === one) watches.delete(path);
      this.#noticeLimit(share, error);
      this.#options.onHint(share, path);
    });
    return one;
  }

  #noticeLimit(share: number, error: unknown): void {
    if (this.#limited.has(share) || !OUT_OF_WATCHES.has((error as NodeJS.ErrnoException).code ?? '')) return;
    this.#limited.add(share);
    this.#options.onLimit(share);
  }
}

function pathOf(folder: string, name: Buffer | null): string {
  const text = name === null || name.length === 0 ? undefined : decodeName(name);
  return text === undefined ? folder : folder + text.replaceAll('\\', process.platform === 'win32' ? '/' : '\\');
}
