import type { Readable } from 'node:stream';
import { type Clock, type ErrorCode, ServiceError } from '@kith/service';
import type { DocumentSummary } from '@kith/wire';
import { BATCH_BYTES, BATCH_FILES } from './config.ts';
import { isProblem } from './file-reading.ts';
import { entryOf } from './indexing.ts';
import { type Entry, UPLOAD_SOURCE } from './ledger.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { freeUploadName, uploadName } from './upload-name.ts';
import type { UploadRestoringOptions } from './upload-restoring.ts';

export interface Uploaded {
  readonly documents: DocumentSummary[];
  readonly problems: { name: string; message: string; code: ErrorCode }[];
}
/** One file of an upload. Its stream is read to the end before the next is asked for. */
export interface IncomingFile {
  readonly name: string;
  readonly content: Readable;
  readonly title?: string;
  /** Told after the end of the stream: whether it was cut at the limit. */
  readonly isCut?: () => boolean;
}

export interface Uploads {
  /**
   * Takes the files one after the other with constant memory. What it returns is on the disk and found by searches.
   * Rejects where the source of the files breaks; a file that cannot be taken is one of the problems.
   */
  take(incoming: AsyncIterable<IncomingFile>): Promise<Uploaded>;
}

export interface UploadsOptions extends UploadRestoringOptions {
  readonly clock: Clock;
  /** Bytes. */
  readonly limit: number;
}

export function createUploads(options: UploadsOptions): Uploads {
  const { blobs, labels, reader, ledger, oneWriter, files, clock, log, limit } = options;
  const serially = oneAtATime();

  async function store({ name, content, title, isCut }: IncomingFile): Promise<Entry> {
    const source = content.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    const { hash, size } = await blobs.receive(source, { limit });
    if (isCut?.()) {
      throw new ServiceError('too_large', `A file may have ${limit} bytes at most here (KITH_UPLOAD_LIMIT).`);
    }
    const answer = await reader.read({ file: blobs.pathOf(hash), name, hash });
    const now = clock.now();
    const read = isProblem(answer) ? { mediaType: 'application/octet-stream' } : answer;
    const named = title === undefined ? read : { ...read, title };
    return entryOf(
      { source: UPLOAD_SOURCE, path: name, addedAt: now },
      { ...named, hash, size, modifiedMs: now },
      name,
    );
  }

  /** The key of an upload is its name: a second one of the same name and other content gets a number. */
  const write = (entries: readonly Entry[]) => serially(() => oneWriter(() => writeNow(entries)));
  /** Returns the entries whose content is there no more: somebody deleted the same content in the same moment. */
  const writeNow = async (given: readonly Entry[]): Promise<ReadonlySet<Entry>> => {
    const there = await Promise.all(given.map(({ file }) => blobs.has(file.hash ?? '')));
    const entries = given.filter((_, i) => there[i]);
    const taken = new Set<string>();
    const named: Entry[] = [];
    for (const { file, document } of entries) {
      const path = await freeUploadName(files, { name: file.path, hash: file.hash, taken });
      taken.add(path);
      named.push({ file: { ...file, path }, document });
    }
    await ledger.record(named, { replace: true });
    for (const entry of named) await label(entry);
    return new Set(given.filter((_, i) => !there[i]));
  };
  /** An upload is safe without it, so that a full disk is no reason to refuse it: the next tidying writes it. */
  const label = ({ file: { path, hash = '', addedAt, modifiedMs }, document }: Entry) =>
    labels
      .add(hash, { path, name: document?.name ?? path, title: document?.title, addedAt, modifiedMs })
      .catch((error) => log.warn({ err: error, hash }, 'the name of an upload could not be kept beside it'));

  return {
    async take(incoming) {
      const documents: DocumentSummary[] = [];
      const problems: Uploaded['problems'] = [];
      let batch: Entry[] = [];
      const flush = async () => {
        const entries = batch;
        batch = [];
        const lost = await write(entries);
        for (const entry of entries) {
          if (lost.has(entry)) problems.push({ name: entry.file.path, ...LOST });
          else if (entry.document) documents.push(summaryOf(entry.document));
        }
      };
      for await (const given of incoming) {
        const name = uploadName(given.name);
        try {
          batch.push(await store({ ...given, name }));
        } catch (error) {
          if (given.content.errored || !(error instanceof ServiceError)) throw error;
          problems.push({ name, message: error.message, code: error.code });
          // The rest of this file has to be read, so that the next one is reached.
          given.content.resume();
        }
        const bytes = batch.reduce((sum, { document }) => sum + (document?.text.length ?? 0), 0);
        if (batch.length >= BATCH_FILES || bytes > BATCH_BYTES) await flush();
      }
      await flush();
      return { documents, problems };
    },
  };
}

const LOST = {
  code: 'document_away',
  message: 'The same content was being deleted just now: send it again.',
} as const;

function summaryOf({ hash, title, name, mediaType, size, modifiedAt }: DocumentSummary): DocumentSummary {
  return { hash, title, name, mediaType, size, modifiedAt };
}
