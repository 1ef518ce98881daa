import { stat } from 'node:fs/promises';
import type { FileCatalogue, SharedFile } from '@kith/documents';
import type { Log } from '@kith/service';
import type { DocumentHash } from '@kith/wire';
import type { BlobStore } from './blob-store.ts';
import { isProblem } from './file-reading.ts';
import { entryOf, failed } from './indexing.ts';
import { type Ledger, UPLOAD_SOURCE } from './ledger.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { OneWriter } from './one-writer.ts';
import type { Reader } from './reader.ts';
import type { UploadLabel, UploadLabels } from './upload-labels.ts';
import { freeUploadName } from './upload-name.ts';

/** Puts uploads back of which catalogue or index have lost something. */
export interface UploadRestoring {
  /** Indexes an upload again whose document the index has lost. */
  restore(file: SharedFile): Promise<void>;
  /**
   * Makes catalogue and labels of a content agree: what one of them has lost is taken from the other. Returns whether
   * any upload holds the content.
   */
  agree(hash: DocumentHash): Promise<boolean>;
}

export interface UploadRestoringOptions {
  readonly blobs: BlobStore;
  readonly labels: UploadLabels;
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly oneWriter: OneWriter;
  readonly files: FileCatalogue;
  readonly log: Log;
}

export function createUploadRestoring(options: UploadRestoringOptions): UploadRestoring {
  const { blobs, labels, reader, ledger, oneWriter, files, log } = options;
  const serially = oneAtATime();

  async function putBack(file: Omit<SharedFile, 'state'>, { name, title }: Partial<UploadLabel> = {}): Promise<void> {
    const { path, hash = '', size, addedAt, modifiedMs } = file;
    const answer = await reader.read({ file: blobs.pathOf(hash), name: name ?? path, hash });
    const named = { source: UPLOAD_SOURCE, path, addedAt };
    if (isProblem(answer) && answer.problem === 'gone') {
      return ledger.record([failed(named, { size: 0, modifiedMs, message: answer.message })]);
    }
    // Whatever else kept it from being read just now is no reason to give its bytes up.
    const read = isProblem(answer) ? { hash, size, mediaType: 'application/octet-stream' } : answer;
    const content = { ...read, modifiedMs, ...(title === undefined ? {} : { title }) };
    await ledger.record([entryOf(named, content, name)], { replace: true });
  }

  /** The catalogue first: see UploadLabels. */
  async function look(hash: DocumentHash) {
    const held = (await files.filesWith(hash)).filter(({ source }) => source === UPLOAD_SOURCE);
    const labelled = await labels.of(hash);
    return {
      isHeld: held.length > 0,
      lost: labelled.filter(({ path }) => !held.some((one) => one.path === path)),
      unlabelled: held.filter(({ path }) => !labelled.some((one) => one.path === path)),
    };
  }

  async function agreeNow(hash: DocumentHash): Promise<boolean> {
    const { isHeld, lost, unlabelled } = await look(hash);
    for (const label of lost) {
      const { path: before, name, addedAt, modifiedMs } = label;
      const isFree = (await files.getFile(UPLOAD_SOURCE, before)) === undefined;
      const path = isFree ? before : await freeUploadName(files, { name, hash });
      const { size } = await stat(blobs.pathOf(hash));
      await putBack({ source: UPLOAD_SOURCE, path, hash, size, addedAt, modifiedMs }, label);
      if (path === before) continue;
      await labels.remove(hash, before);
      await labels.add(hash, { ...label, path });
    }
    for (const { path, addedAt, modifiedMs } of unlabelled)
      await labels.add(hash, { path, name: path, addedAt, modifiedMs });
    if (lost.length > 0) log.info({ hash, uploads: lost.length }, 'an upload that the catalogue had lost is back');
    return isHeld || lost.length > 0;
  }

  return {
    async restore(file) {
      const label = (await labels.of(file.hash ?? '')).find(({ path }) => path === file.path);
      await putBack(file, label);
    },
    async agree(hash) {
      // Most agree: only where they do not, the other replicas are kept waiting.
      const { isHeld, lost, unlabelled } = await look(hash);
      if (lost.length + unlabelled.length === 0) return isHeld;
      return serially(() => oneWriter(() => agreeNow(hash)));
    },
  };
}
