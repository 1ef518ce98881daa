import type { FileFacts, FolderListing, Looked, RootFound } from '../drives/drive-calls.ts';
import type { DriveFile, Drives } from '../drives/drives.ts';
import { NoSuchFileError } from '../drives/open-inside.ts';
import type { OwnData } from './own-data.ts';
import type { ShareRules } from './share-rules.ts';
import type { Tree } from './walk.ts';

export interface ShareTreeOptions {
  readonly drives: Drives;
  /** Id of the share. */
  readonly drive: string;
  readonly found: RootFound;
  readonly rules: ShareRules;
  readonly ownData: OwnData;
}

/** A shared folder while it is there: what of it is shared, and the only way to its files. */
export class ShareTree implements Tree {
  readonly root: string;
  readonly identity: string;
  readonly rules: ShareRules;
  readonly #options: ShareTreeOptions;

  constructor(options: ShareTreeOptions) {
    this.#options = options;
    this.root = options.found.real;
    this.identity = options.found.identity;
    this.rules = options.rules;
  }

  list(path: string): Promise<FolderListing> {
    const { drives, drive } = this.#options;
    return drives.call(drive, 'listFolder', { root: this.root, path });
  }

  stats(path: string, names: readonly string[]): Promise<(FileFacts | undefined)[]> {
    const { drives, drive } = this.#options;
    return drives.call(drive, 'statFiles', { root: this.root, path, names });
  }

  /** Resolves once every later change in the folder gives a hint. */
  watch(watch: number, path: string): Promise<void> {
    const { drives, drive } = this.#options;
    return drives.call(drive, 'watch', { root: this.root, path, watch });
  }

  /** Whether its name may be shared; a size of 0 where that is not known. */
  isShared(path: string, size = 0): boolean {
    return this.rules.leftOut(path, size) === undefined && !this.#options.ownData.holdsFolder(`${this.root}/${path}`);
  }

  /** One path as a walk would find it; undefined where there is nothing that is shared. */
  async look(path: string): Promise<Looked> {
    const { drives, drive, ownData } = this.#options;
    const looked = await drives.call(drive, 'lookAt', { root: this.root, path });
    if (looked === undefined) return undefined;
    if (looked.kind === 'folder') return this.isShared(`${path}/`) ? looked : undefined;
    if (!this.isShared(path, looked.size)) return undefined;
    return (await ownData.holdsFile(looked)) ? undefined : looked;
  }

  /** The caller closes it (Drives). Throws NoSuchFileError, or the system's error. */
  async open(path: string): Promise<DriveFile> {
    const { drives, drive, ownData } = this.#options;
    const file = await drives.open(drive, { root: this.root, path });
    if (this.isShared(path, file.size) && !(await ownData.holdsFile(file))) return file;
    await drives.close(file);
    throw new NoSuchFileError('It is not shared.');
  }
}
