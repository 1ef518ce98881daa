import { close, fstat, read } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FileCatalogue, SharedFile } from '@kith/documents';
import { ServiceError } from '@kith/service';
import type { DocumentHash } from '@kith/wire';
import type { BlobStore } from './blob-store.ts';
import type { ContentRange } from './content-range.ts';
import { UPLOAD_SOURCE } from './ledger.ts';
import { openInside } from './open-inside.ts';
import type { Shares } from './shares.ts';

const closeFile = promisify(close);
const statFile = promisify(fstat);
const readFrom = promisify(read);

const CHUNK_BYTES = 256 * 1024;

/** The bytes of a document, open until `close`, which may be called twice. */
export interface OpenContent {
  readonly size: number;
  /** Ends with an error, before its last piece, where the file changes meanwhile: nobody takes it for the document then. */
  read(range: ContentRange): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** Finds a file that still is what was indexed, among those that hold a document. */
export interface DocumentFiles {
  /** Throws `document_not_found`, `document_changed` (it is looked at again then) or `document_away`. */
  open(hash: DocumentHash): Promise<OpenContent>;
}

export interface DocumentFilesOptions {
  readonly files: FileCatalogue;
  readonly blobs: BlobStore;
  readonly shares: Pick<Shares, 'rootOf' | 'lookAgain'>;
}

export function createDocumentFiles({ files, blobs, shares }: DocumentFilesOptions): DocumentFiles {
  function openOne(file: SharedFile, hash: DocumentHash): OpenContent | undefined {
    if (file.source === UPLOAD_SOURCE) return openAs(blobs.pathOf(hash), undefined, { size: file.size });
    const root = shares.rootOf(file.source);
    const content = root === undefined ? undefined : openAs(join(root, file.path), root, file);
    if (root !== undefined && content === undefined) shares.lookAgain(file);
    return content;
  }

  return {
    async open(hash) {
      const holders = await files.filesWith(hash);
      if (holders.length === 0) throw notFound();
      // An upload cannot change, so it is tried first.
      const ordered = [...holders.filter(isUpload), ...holders.filter((file) => !isUpload(file))];
      for (const file of ordered) {
        const content = openOne(file, hash);
        if (content) return content;
      }
      const isAway = holders.some((file) => !isUpload(file) && shares.rootOf(file.source) === undefined);
      throw isAway ? away() : changed();
    },
  };
}

const isUpload = ({ source }: SharedFile) => source === UPLOAD_SOURCE;

interface Expected {
  readonly size: number;
  readonly modifiedMs?: number;
}

function openAs(path: string, root: string | undefined, expected: Expected): OpenContent | undefined {
  let fd: number;
  try {
    const opened = openInside(path, root);
    fd = opened.fd;
    if (!isAs(opened.stats, expected)) {
      void closeFile(fd);
      return undefined;
    }
  } catch {
    return undefined;
  }
  let closed: Promise<void> | undefined;
  return {
    size: expected.size,
    close() {
      closed ??= closeFile(fd);
      return closed;
    },
    async *read({ from, to }) {
      for (let at = from; at <= to; ) {
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, to + 1 - at));
        const { bytesRead } = await readFrom(fd, buffer, 0, buffer.length, at);
        at += bytesRead;
        if (bytesRead === 0 || (at > to && !isAs(await statFile(fd), expected))) throw changed();
        yield buffer.subarray(0, bytesRead);
      }
    },
  };
}

const isAs = (stats: { size: number; mtimeMs: number }, { size, modifiedMs }: Expected) =>
  stats.size === size && (modifiedMs === undefined || Math.floor(stats.mtimeMs) === modifiedMs);

export const notFound = () =>
  new ServiceError('document_not_found', 'This node has no such document: it may have been removed. Search again.');
const changed = () =>
  new ServiceError('document_changed', 'The file has changed since it was indexed: search again in a moment.');
const away = () =>
  new ServiceError(
    'document_away',
    'The folder that holds it is not there just now: try again when its drive is back.',
  );
