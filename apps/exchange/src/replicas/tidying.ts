import type { FileCatalogue } from '@kith/documents';
import { type Clock, codeOf, type Log } from '@kith/service';
import { INDEX_AWAY_MS } from '../config.ts';
import { sourcesWithout } from '../folders/sources-without.ts';
import type { FileQueue } from '../index/file-queue.ts';
import { type Ledger, UPLOAD_SOURCE } from '../index/ledger.ts';
import type { BlobStore } from '../uploads/blob-store.ts';
import type { UploadRestoring } from '../uploads/upload-restoring.ts';

export interface TidyingOptions {
  readonly files: FileCatalogue;
  readonly ledger: Ledger;
  readonly blobs: BlobStore;
  readonly restoring: UploadRestoring;
  readonly queue: FileQueue;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Puts right, once whenever this replica begins with the folders and beside the other work, what a kill left behind:
 * files of folders that are no longer shared, documents without a file, files without a document, contents that no
 * upload holds; and what a catalogue that is lost knew of the uploads. It waits for an index that is away.
 */
export function createTidying({ files, ledger, blobs, restoring, queue, clock, log }: TidyingOptions) {
  async function tidy(signal: AbortSignal): Promise<void> {
    for (const source of await sourcesWithout(files)) await ledger.forgetSource(source);
    const folders = (await files.listFolders()).map(({ id }) => id);
    for await (const file of ledger.checkAll([UPLOAD_SOURCE, ...folders])) {
      if (signal.aborted) return;
      const { source, path, size, modifiedMs } = file;
      if (source === UPLOAD_SOURCE) {
        await restoring.restore(file);
        continue;
      }
      await queue.offer({ source, path, kind: 'read', size, modifiedMs, tries: 0, dueMs: clock.monotonic() });
    }
    for await (const { hash, isOld } of blobs.all()) {
      if (signal.aborted) return;
      await restoring.agree(hash, isOld);
    }
  }

  return {
    async run(signal: AbortSignal): Promise<void> {
      for (let isDone = false; !isDone && !signal.aborted; ) {
        const error = await tidy(signal).catch((thrown: unknown) => thrown);
        isDone = codeOf(error) !== 'index_away';
        if (error !== undefined && isDone && !signal.aborted) {
          log.warn({ err: error }, 'tidying up after the last run did not finish');
        }
        if (!isDone) await clock.sleep(INDEX_AWAY_MS, signal).catch(() => {});
      }
    },
  };
}
