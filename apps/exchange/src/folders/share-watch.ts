import type { Drives } from '../drives/drives.ts';
import type { ShareTree } from '../tree/share-tree.ts';

export interface ShareWatchOptions {
  readonly drives: Drives;
  readonly tree: ShareTree;
  /** Path that something happened to; a path that ends with `/` means anything in that folder. */
  readonly onHint: (path: string) => void;
  readonly onLimit: () => void;
  /** No change is told any more: the process that watched has ended. */
  readonly onLost: () => void;
}

/** The watches of one share, which are held by the process of the drives. */
export class ShareWatch {
  /** Set once the system had no more watches to give. */
  limited = false;
  readonly #options: ShareWatchOptions;
  readonly #watch: number;

  constructor(options: ShareWatchOptions) {
    const { drives, onHint, onLimit, onLost } = options;
    this.#options = options;
    this.#watch = drives.listen({
      onHint,
      onLost,
      onLimit: () => {
        this.limited = true;
        onLimit();
      },
    });
  }

  /** Watches a folder, '' or a path that ends with `/`; once for each folder. */
  add(path: string): Promise<void> {
    return this.#options.tree.watch(this.#watch, path);
  }

  /** Ends the watches of a folder and all within. */
  remove(path: string): void {
    this.#options.drives.unwatch(this.#watch, path);
  }

  close(): void {
    this.remove('');
  }
}
