import type { DocumentHash } from '@kith/wire';

/** A file to be read: bytes, hash and text. Passed to the reading thread. */
export interface ReadRequest {
  /** Absolute path. */
  readonly file: string;
  /** Real path of the folder that must hold the file; absent for files of our own. */
  readonly root?: string | undefined;
  /** By which name its media type is told. */
  readonly name: string;
  /** Its hash, where that is known already: then only the beginning is read. */
  readonly hash?: DocumentHash | undefined;
}

/** What a file holds, all of one moment: a file that changed while it was read gives no such answer. */
export interface ReadContent {
  readonly hash: DocumentHash;
  readonly size: number;
  readonly modifiedMs: number;
  readonly mediaType: string;
  readonly title?: string | undefined;
  /** Undefined where the file is no text that could be searched; a long one comes as its UTF-8. */
  readonly text?: string | Uint8Array | undefined;
}

/** Why there is no content. `changed`: try again; `gone`: no such file, or no regular file; `failed`: tell the owner. */
export interface ReadProblem {
  readonly problem: 'changed' | 'gone' | 'failed';
  readonly message: string;
}
export type ReadAnswer = ReadContent | ReadProblem;

export const isProblem = (answer: ReadAnswer): answer is ReadProblem => 'problem' in answer;
