import type { DocumentHash } from '@kith/wire';

/** One file that this node shares: an upload or a file of a shared folder. Several files may hold one document. */
export interface SharedFile {
  /** `upload`, or the id of the shared folder. */
  readonly source: string;
  /** Path inside the source, with `/`; for an upload its name. Text for people, and the key together with `source`. */
  readonly path: string;
  /** Where the bytes are and what they were when they were indexed; a file that no longer matches is not served. */
  readonly size: number;
  readonly modifiedMs: number;
  /** Absent while it could not be read. */
  readonly hash?: DocumentHash;
  readonly addedAt: number;
  /** `indexed` with its text, `named` only by its name, `failed` for the reason in `problem`. */
  readonly state: 'indexed' | 'named' | 'failed';
  readonly problem?: string;
}

/** A folder that is shared in place. */
export interface SharedFolder {
  readonly id: string;
  readonly path: string;
  readonly addedAt: number;
  /** Why it cannot be read just now, where that is so. */
  readonly problem?: string;
}

/**
 * Which files this node shares. Durable like DocumentIndex, with the same promises about concurrency, `index_away` and
 * `close`.
 */
export interface FileCatalogue {
  putFiles(files: readonly SharedFile[]): Promise<void>;
  removeFiles(keys: readonly { source: string; path: string }[]): Promise<void>;
  getFile(source: string, path: string): Promise<SharedFile | undefined>;
  /** Files of one source in order of path (by UTF-16 code units), after `after`. */
  filesOf(source: string, options: { limit: number; after?: string | undefined }): Promise<SharedFile[]>;
  /** All files that hold this document. */
  filesWith(hash: DocumentHash): Promise<SharedFile[]>;
  countBySource(): Promise<Record<string, { files: number; failed: number }>>;
  /** Newest failures first. */
  failures(limit: number): Promise<SharedFile[]>;
  putFolder(folder: SharedFolder): Promise<void>;
  removeFolder(id: string): Promise<void>;
  listFolders(): Promise<SharedFolder[]>;
  close(): Promise<void>;
}
