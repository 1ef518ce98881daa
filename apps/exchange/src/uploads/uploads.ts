import type { Readable } from 'node:stream';
import { type Clock, type ErrorCode, ServiceError } from '@kith/service';
import type { DocumentSummary } from '@kith/wire';
import { BATCH_BYTES, BATCH_FILES } from '../config.ts';
import { entryOf, freeText } from '../index/indexing.ts';
import { type Entry, UPLOAD_SOURCE } from '../index/ledger.ts';
import { isProblem } from '../reading/file-reading.ts';
import type { StagedBlob } from './blob-store.ts';
import { tooLarge } from './staged-files.ts';
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

/** A file that has arrived, and what is to be written down of it. */
interface Arrived {
  readonly entry: Entry;
  readonly staged: StagedBlob;
}

export function createUploads(options: UploadsOptions): Uploads {
  const { blobs, labels, reader, ledger, files, clock, log, limit } = options;

  async function receive({ name, content, title, isCut }: IncomingFile): Promise<Arrived> {
    const source = content.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    const staged = await blobs.receive(source, { limit });
    const { hash, size, path: file } = staged;
    try {
      if (isCut?.()) throw tooLarge(limit);
      const answer = await reader.read({ file, name, hash });
      const now = clock.now();
      const read = isProblem(answer) ? { mediaType: 'application/octet-stream' } : answer;
      const named = title === undefined ? read : { ...read, title };
      const key = { source: UPLOAD_SOURCE, path: name, addedAt: now };
      return { staged, entry: entryOf(key, { ...named, hash, size, modifiedMs: now }, name) };
    } catch (error) {
      await staged.drop();
      throw error;
    }
  }

  /**
   * Bytes and entries together, in one turn, so that no deletion comes in between. The key of an upload is its name: a
   * second one of the same name and other content gets a number.
   */
  const write = (arrived: readonly Arrived[]) =>
    ledger.inTurn(async ({ record }) => {
      const taken = new Set<string>();
      const named: Entry[] = [];
      for (const { entry, staged } of arrived) {
        const path = await freeUploadName(files, { name: entry.file.path, hash: entry.file.hash, taken });
        taken.add(path);
        named.push({ ...entry, file: { ...entry.file, path } });
        await staged.place();
      }
      await record(named, { replace: true });
      for (const { hash, place } of arrived.map(({ staged }) => staged)) {
        // A replica that could not wait for its turn, because Redis is away, may have taken it off meanwhile.
        if (!(await blobs.has(hash))) await place();
      }
      for (const entry of named) await label(entry);
    });
  /** An upload is safe without it, so that a full disk is no reason to refuse it: the next tidying writes it. */
  const label = ({ file: { path, hash = '', addedAt, modifiedMs }, document }: Entry) =>
    labels
      .add(hash, { path, name: document?.name ?? path, title: document?.title, addedAt, modifiedMs })
      .catch((error) => log.warn({ err: error, hash }, 'the name of an upload could not be kept beside it'));

  return {
    async take(incoming) {
      const documents: DocumentSummary[] = [];
      const problems: Uploaded['problems'] = [];
      let batch: Arrived[] = [];
      const flush = async () => {
        const arrived = batch;
        batch = [];
        try {
          await write(arrived);
        } finally {
          for (const { staged, entry } of arrived) {
            freeText(entry.document);
            await staged.drop();
          }
        }
        for (const { entry } of arrived) if (entry.document) documents.push(summaryOf(entry.document));
      };
      try {
        for await (const given of incoming) {
          const name = uploadName(given.name);
          try {
            batch.push(await receive({ ...given, name }));
          } catch (error) {
            if (given.content.errored || !(error instanceof ServiceError)) throw error;
            problems.push({ name, message: error.message, code: error.code });
            // The rest of this file has to be read, so that the next one is reached.
            given.content.resume();
          }
          const bytes = batch.reduce((sum, { entry }) => sum + (entry.document?.text.length ?? 0), 0);
          if (batch.length >= BATCH_FILES || bytes > BATCH_BYTES) await flush();
        }
        await flush();
      } finally {
        for (const { staged } of batch) await staged.drop();
      }
      return { documents, problems };
    },
  };
}

function summaryOf({ hash, title, name, mediaType, size, modifiedAt }: DocumentSummary): DocumentSummary {
  return { hash, title, name, mediaType, size, modifiedAt };
}
