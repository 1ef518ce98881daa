import { stat } from 'node:fs/promises';
import type { FileCatalogue, SharedFile } from '@kith/documents';
import type { Log } from '@kith/service';
import type { DocumentHash } from '@kith/wire';
import { entryOf, failed } from '../index/indexing.ts';
import { type Entry, type FileKey, type Ledger, UPLOAD_SOURCE } from '../index/ledger.ts';
import { DEATHS_MAX, type ReadingMarks } from '../index/reading-marks.ts';
import { isProblem, type ReadAnswer } from '../reading/file-reading.ts';
import type { Reader } from '../reading/reader.ts';
import type { BlobStore } from './blob-store.ts';
import type { UploadLabel, UploadLabels } from './upload-labels.ts';
import { freeUploadName } from './upload-name.ts';

/** Puts uploads back of which catalogue or index have lost something. */
export interface UploadRestoring {
  /** Indexes an upload again whose document the index has lost. */
  restore(file: SharedFile): Promise<void>;
  /**
   * Makes catalogue and labels of a content agree: what one of them has lost is taken from the other. A content that no
   * upload holds is a leftover and goes, if it is old.
   */
  agree(hash: DocumentHash, isOld: boolean): Promise<void>;
}

export interface UploadRestoringOptions {
  readonly blobs: BlobStore;
  readonly labels: UploadLabels;
  readonly reader: Reader;
  readonly ledger: Ledger;
  readonly files: FileCatalogue;
  readonly marks: ReadingMarks;
  readonly log: Log;
}

export function createUploadRestoring(options: UploadRestoringOptions): UploadRestoring {
  const { blobs, labels, reader, ledger, files, marks, log } = options;

  async function readAgain(
    file: Omit<SharedFile, 'state'>,
    { name, title }: Partial<UploadLabel> = {},
  ): Promise<Entry> {
    const { path, hash = '', size, addedAt, modifiedMs } = file;
    const named = { source: UPLOAD_SOURCE, path, addedAt };
    const answer = await readMarked({ source: UPLOAD_SOURCE, path, state: hash }, name ?? path, hash);
    if (isProblem(answer) && answer.problem === 'gone') {
      return failed(named, { size: 0, modifiedMs, message: answer.message });
    }
    // Whatever else kept it from being read just now is no reason to give its bytes up.
    const read = isProblem(answer) ? { hash, size, mediaType: 'application/octet-stream' } : answer;
    const content = { ...read, modifiedMs, ...(title === undefined ? {} : { title }) };
    return entryOf(named, content, name);
  }

  async function readMarked(file: FileKey & { state: string }, name: string, hash: string): Promise<ReadAnswer> {
    const [deaths = 0] = await marks.deathsOf([file]);
    if (deaths >= DEATHS_MAX)
      return { problem: 'failed', message: 'This node ended again and again while it read it.' };
    await marks.begin([file]);
    try {
      return await reader.read({ file: blobs.pathOf(hash), name, hash });
    } finally {
      await marks.end([file]);
    }
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

  async function agreeNow(hash: DocumentHash, isOld: boolean, record: Ledger['record']): Promise<void> {
    const { isHeld, lost, unlabelled } = await look(hash);
    for (const label of lost) {
      const { path: before, name, addedAt, modifiedMs } = label;
      const isFree = (await files.getFile(UPLOAD_SOURCE, before))?.hash === undefined;
      const path = isFree ? before : await freeUploadName(files, { name, hash });
      const { size } = await stat(blobs.pathOf(hash));
      const file = { source: UPLOAD_SOURCE, path, hash, size, addedAt, modifiedMs };
      await record([await readAgain(file, label)], { replace: true });
      if (path === before) continue;
      await labels.remove(hash, before);
      await labels.add(hash, { ...label, path });
    }
    for (const { path, addedAt, modifiedMs } of unlabelled)
      await labels.add(hash, { path, name: path, addedAt, modifiedMs });
    if (lost.length > 0) log.info({ hash, uploads: lost.length }, 'an upload that the catalogue had lost is back');
    if (!isHeld && lost.length === 0 && isOld) await blobs.remove(hash, async () => (await look(hash)).isHeld);
  }

  return {
    async restore(file) {
      const { hash = '', path } = file;
      const label = (await labels.of(hash)).find((one) => one.path === path);
      const entry = await readAgain(file, label);
      await ledger.inTurn(async ({ record }) => {
        // It may have been deleted while it was read.
        if ((await files.getFile(UPLOAD_SOURCE, path))?.hash === hash) await record([entry], { replace: true });
      });
    },
    async agree(hash, isOld) {
      // Most agree: only where they do not, the other replicas are kept waiting.
      const { isHeld, lost, unlabelled } = await look(hash);
      const isLeftover = !isHeld && isOld;
      if (lost.length + unlabelled.length === 0 && !isLeftover) return;
      await ledger.inTurn(({ record }) => agreeNow(hash, isOld, record));
    },
  };
}
