import type { FileCatalogue, SharedFile } from '@kith/documents';
import type { PeerStore } from '@kith/membership';
import type { Log } from '@kith/service';
import type { DocumentHash } from '@kith/wire';
import { type Ledger, UPLOAD_SOURCE } from '../index/ledger.ts';
import { nameOf } from '../reading/clean-label.ts';
import type { BlobStore } from './blob-store.ts';

/** What is written down of a shared file whose bytes changed by themselves; stays until the file is saved anew. */
export const DAMAGED_FILE =
  'Its bytes have changed although nobody saved it: its disk may be failing. Put a good copy in its place; it is indexed again then.';
const DAMAGED_UPLOAD =
  'Its bytes were damaged on the disk: upload it again from a good copy. The damaged ones are kept in blobs/damaged of the data folder.';
const GONE_UPLOAD = 'Its bytes are gone from the data folder: upload it again, or put them back from a backup.';

export interface DamageOptions {
  readonly files: FileCatalogue;
  readonly ledger: Ledger;
  readonly blobs: BlobStore;
  readonly peers: Pick<PeerStore, 'addEvents'>;
  readonly log: Log;
}

/** Takes a file whose bytes are wrong or gone off the results, says so to the owner, and has other holders asked instead. */
export class Damage {
  readonly #options: DamageOptions;

  constructor(options: DamageOptions) {
    this.#options = options;
  }

  /** `gone`: an upload whose bytes are not there any more, while the store is. */
  async report(file: SharedFile, kind: 'damaged' | 'gone'): Promise<void> {
    const { files, ledger, blobs, peers, log } = this.#options;
    const { source, path, hash } = file;
    if (hash === undefined) return;
    const isUpload = source === UPLOAD_SOURCE;
    const marked = await ledger.inTurn(async ({ record }) => {
      const those = isUpload ? await uploadsWith(files, hash) : [await files.getFile(source, path)];
      const held = those.filter((one) => one?.hash === hash) as SharedFile[];
      if (held.length === 0) return false;
      if (isUpload && kind === 'damaged') await blobs.setAside(hash);
      const problem = !isUpload ? DAMAGED_FILE : kind === 'damaged' ? DAMAGED_UPLOAD : GONE_UPLOAD;
      await record(held.map(({ hash: _, ...rest }) => ({ file: { ...rest, state: 'failed', problem } })));
      return true;
    });
    if (!marked) return;
    const message =
      kind === 'damaged'
        ? `The bytes of “${nameOf(path)}” on this node’s disk are damaged: it is not offered any more.`
        : `The bytes of “${nameOf(path)}” are gone from this node’s disk: it is not offered any more.`;
    log.error({ source, path, hash }, message);
    await peers.addEvents([{ type: 'document-damaged', message, data: { hash, kind } }]).catch(() => {});
  }
}

const uploadsWith = async (files: FileCatalogue, hash: DocumentHash) =>
  (await files.filesWith(hash)).filter(({ source }) => source === UPLOAD_SOURCE);
