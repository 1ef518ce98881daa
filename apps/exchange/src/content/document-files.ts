import { close, fstat, read } from 'node:fs';
import { promisify } from 'node:util';
import type { FileCatalogue, SharedFile } from '@kith/documents';
import { ServiceError } from '@kith/service';
import type { DocumentHash } from '@kith/wire';
import type { Drives } from '../drives/drives.ts';
import { openInside } from '../drives/open-inside.ts';
import type { Shares } from '../folders/shares.ts';
import { UPLOAD_SOURCE } from '../index/ledger.ts';
import type { BlobStore } from '../uploads/blob-store.ts';
import type { Damage } from '../uploads/damage.ts';
import type { ContentRange } from './content-range.ts';
import { readVerified, WrongContentError } from './verified-content.ts';

const closeFile = promisify(close);
const statFile = promisify(fstat);
const readFrom = promisify(read);

const CHUNK_BYTES = 256 * 1024;

/** The bytes of a document, open until `close`, which may be called twice. */
export interface OpenContent {
  readonly size: number;
  /**
   * Ends with an error, before its last piece, where the file changes meanwhile or is not what its hash was made of:
   * nobody takes it for the document then (readVerified).
   */
  read(range: ContentRange): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/** Finds a file that still is what was indexed, among those that hold a document. */
export interface DocumentFiles {
  /** Throws `document_not_found`, `document_changed` (it is looked at again then) or `document_away`. */
  open(hash: DocumentHash): Promise<OpenContent>;
  /** Reads one file to its end and reports what is wrong with it. `pace` is waited for after so many bytes. */
  check(file: SharedFile, options: { pace: (bytes: number) => Promise<void>; signal: AbortSignal }): Promise<void>;
}

export interface DocumentFilesOptions {
  readonly files: FileCatalogue;
  readonly blobs: BlobStore;
  readonly drives: Drives;
  readonly shares: Pick<Shares, 'treeOf' | 'lookAgain'>;
  readonly damage: Pick<Damage, 'report'>;
  /** Told of a file of which a part was given unchecked. */
  readonly onUnchecked: (file: SharedFile) => void;
}

export function createDocumentFiles(options: DocumentFilesOptions): DocumentFiles {
  const { files, blobs, drives, shares, damage, onUnchecked } = options;

  async function openOne(file: SharedFile, hash: DocumentHash): Promise<OpenContent | undefined> {
    const content = await openPlain(file, hash);
    return (
      content && {
        ...content,
        async *read(range) {
          const { size } = content;
          try {
            yield* readVerified(content.read, { hash, size, range, onUnchecked: () => onUnchecked(file) });
          } catch (error) {
            if (!(error instanceof WrongContentError)) throw error;
            await damage.report(file, 'damaged');
            throw damaged(error);
          }
        },
      }
    );
  }

  async function openPlain(file: SharedFile, hash: DocumentHash): Promise<OpenContent | undefined> {
    if (file.source === UPLOAD_SOURCE) {
      const content = await openAs(await openBlob(blobs.pathOf(hash)), { size: file.size });
      if (content === undefined && (await blobs.isThere())) {
        await damage.report(file, (await blobs.has(hash)) ? 'damaged' : 'gone');
      }
      return content;
    }
    const tree = shares.treeOf(file.source);
    const content = tree && (await openAs(await openShared(file, { tree, drives }), file));
    if (tree !== undefined && content === undefined) shares.lookAgain(file);
    return content;
  }

  return {
    async open(hash) {
      const holders = await files.filesWith(hash);
      if (holders.length === 0) throw notFound();
      // An upload cannot change, so it is tried first.
      const ordered = [...holders.filter(isUpload), ...holders.filter((file) => !isUpload(file))];
      for (const file of ordered) {
        const content = await openOne(file, hash);
        if (content) return content;
      }
      const isAway = holders.some((file) => !isUpload(file) && shares.treeOf(file.source) === undefined);
      throw isAway ? away() : changed();
    },
    async check(file, { pace, signal }) {
      const content = file.hash === undefined ? undefined : await openOne(file, file.hash);
      if (content === undefined) return;
      try {
        if (content.size === 0) return;
        for await (const { length } of content.read({ from: 0, to: content.size - 1 })) {
          if (signal.aborted) return;
          await pace(length);
        }
      } catch {
        // What is wrong with it was reported as it was read.
      } finally {
        await content.close();
      }
    },
  };
}

const isUpload = ({ source }: SharedFile) => source === UPLOAD_SOURCE;

interface Expected {
  readonly size: number;
  readonly modifiedMs?: number;
}

/** An open file, wherever it lies. */
interface OpenSource {
  facts(): Promise<Expected>;
  /** No bytes at the end of the file. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

async function openBlob(path: string): Promise<OpenSource | undefined> {
  try {
    const { fd } = openInside(path);
    return {
      facts: () => statFile(fd),
      async read(at, length) {
        const buffer = Buffer.allocUnsafe(length);
        const { bytesRead } = await readFrom(fd, buffer, 0, length, at);
        return buffer.subarray(0, bytesRead);
      },
      close: () => closeFile(fd),
    };
  } catch {
    return undefined;
  }
}

type Tree = NonNullable<ReturnType<Shares['treeOf']>>;

async function openShared(
  { path }: SharedFile,
  { tree, drives }: { tree: Tree; drives: Drives },
): Promise<OpenSource | undefined> {
  const file = await tree.open(path).catch(() => undefined);
  return (
    file && {
      facts: () => drives.factsOf(file),
      read: (at, length) => drives.read(file, at, length),
      close: () => drives.close(file),
    }
  );
}

async function openAs(source: OpenSource | undefined, expected: Expected): Promise<OpenContent | undefined> {
  if (source === undefined) return undefined;
  const isStill = async () => isAs(await source.facts(), expected);
  if (!(await isStill().catch(() => false))) {
    await source.close();
    return undefined;
  }
  let closed: Promise<void> | undefined;
  return {
    size: expected.size,
    close() {
      closed ??= source.close();
      return closed;
    },
    async *read({ from, to }) {
      for (let at = from; at <= to; ) {
        const piece = await source.read(at, Math.min(CHUNK_BYTES, to + 1 - at));
        at += piece.length;
        if (piece.length === 0 || (at > to && !(await isStill()))) throw changed();
        yield piece;
      }
    },
  };
}

const isAs = (facts: Expected, { size, modifiedMs }: Expected) =>
  facts.size === size && (modifiedMs === undefined || facts.modifiedMs === modifiedMs);

export const notFound = () =>
  new ServiceError('document_not_found', 'This node has no such document: it may have been removed. Search again.');
const changed = () =>
  new ServiceError('document_changed', 'The file has changed since it was indexed: search again in a moment.');
const damaged = (cause: Error) =>
  new ServiceError('document_changed', 'Its bytes are damaged on this node: search again, and take it from another.', {
    cause,
  });
const away = () =>
  new ServiceError(
    'document_away',
    'The folder that holds it is not there just now: try again when its drive is back.',
  );
