import type { DocumentIndex, FileCatalogue, NewDocument, SharedFile } from '@kith/documents';
import type { DocumentHash } from '@kith/wire';
import { oneAtATime } from '../one-at-a-time.ts';
import { nameOf } from '../reading/clean-label.ts';
import type { OneWriter } from './one-writer.ts';

/** A file, and the document that it holds where it could be read. */
export interface Entry {
  readonly file: SharedFile;
  readonly document?: NewDocument | undefined;
}
export type FileKey = Pick<SharedFile, 'source' | 'path'>;

/**
 * The one writer of catalogue and index: keeps "one document a content, as long as a file holds it" true. Documents are
 * written before their files and removed after them, so that a kill at any moment leaves at worst a document without a
 * file, which `checkAll` finds at the next start.
 */
export interface Ledger {
  /** Durable when it resolves. `replace`: these summaries replace those that the documents had. */
  record(entries: readonly Entry[], options?: { replace?: boolean }): Promise<void>;
  forget(keys: readonly FileKey[]): Promise<void>;
  /**
   * Runs what reads, decides and writes while nobody else of this node does so, in any replica: bytes and entry of an
   * upload come and go in one turn. The task writes with what it is given; the other methods would wait for its end.
   */
  inTurn<T>(task: (write: Pick<Ledger, 'record'>) => Promise<T>): Promise<T>;
  forgetSource(source: string): Promise<void>;
  /** Removes documents that no file holds; returns the files whose document is missing, for these are to be read again. */
  checkAll(sources: readonly string[]): AsyncGenerator<SharedFile>;
}

export interface LedgerOptions {
  readonly index: DocumentIndex;
  readonly files: FileCatalogue;
  /** Keeps the other replicas from taking on what is just being taken off. */
  readonly oneWriter: OneWriter;
  readonly onChange: () => void;
  /** Called with uploads that are about to be taken off the catalogue. */
  readonly beforeUploadsGo: (uploads: readonly SharedFile[]) => Promise<void>;
  /** Called with contents that no upload holds any more; `isHeld` asks whether that is still so. */
  readonly onUploadsGone: (hash: DocumentHash, isHeld: () => Promise<boolean>) => Promise<void>;
}

export const UPLOAD_SOURCE = 'upload';
const PAGE = 500;

export function createLedger(options: LedgerOptions): Ledger {
  const { index, files, oneWriter, onChange, beforeUploadsGo, onUploadsGone } = options;
  const serially = oneAtATime();

  const recordNow: Ledger['record'] = async (entries, { replace = false } = {}) => {
    if (entries.length === 0) return;
    const before = await Promise.all(entries.map(({ file }) => files.getFile(file.source, file.path)));
    const documents = new Map<DocumentHash, NewDocument>();
    await Promise.all(
      entries.map(async ({ file, document }) => {
        if (!document || documents.has(document.hash)) return;
        const others = (await files.filesWith(document.hash)).filter((other) => !isSameFile(other, file));
        if (replace || others.length === 0) documents.set(document.hash, document);
      }),
    );
    if (documents.size > 0) await index.put([...documents.values()]);
    const changed = entries.map(({ file }) => file).filter((file, i) => !isEqual(before[i], file));
    if (changed.length > 0) await files.putFiles(changed);
    await release(before.filter((old, i) => old !== undefined && old.hash !== entries[i]?.file.hash));
    onChange();
  };
  const inTurn: Ledger['inTurn'] = (task) => serially(() => oneWriter(() => task({ record: recordNow })));
  const isUploaded = async (hash: DocumentHash) =>
    (await files.filesWith(hash)).some(({ source }) => source === UPLOAD_SOURCE);

  const forgetNow = async (keys: readonly FileKey[]) => {
    const before = await Promise.all(keys.map(({ source, path }) => files.getFile(source, path)));
    await beforeUploadsGo(before.filter((file) => file?.source === UPLOAD_SOURCE) as SharedFile[]);
    await files.removeFiles(keys);
    await release(before);
    onChange();
  };

  /** After files were taken off: what nobody holds goes, what others hold is called as they call it. */
  async function release(gone: readonly (SharedFile | undefined)[]): Promise<void> {
    const released = gone.filter((file) => file?.hash !== undefined) as (SharedFile & { hash: DocumentHash })[];
    const unheld: DocumentHash[] = [];
    for (const file of released) {
      const holders = await files.filesWith(file.hash);
      if (holders.length === 0) unheld.push(file.hash);
      else await renameAfter(file, holders);
      const { hash } = file;
      const uploads = holders.some(({ source }) => source === UPLOAD_SOURCE);
      if (file.source === UPLOAD_SOURCE && !uploads) await onUploadsGone(hash, () => isUploaded(hash));
    }
    if (unheld.length > 0) await index.remove(unheld);
  }

  async function renameAfter(gone: SharedFile & { hash: DocumentHash }, holders: readonly SharedFile[]): Promise<void> {
    const name = nameOf(gone.path);
    const first = holders[0];
    if (first === undefined || holders.some(({ path }) => nameOf(path) === name)) return;
    const document = await index.get(gone.hash);
    if (document?.name !== name) return;
    const newName = nameOf(first.path);
    await index.put([{ ...document, name: newName, title: document.title === name ? newName : document.title }]);
  }

  return {
    record: (entries, options) => serially(() => recordNow(entries, options)),
    inTurn,
    forget: (keys) => inTurn(() => forgetNow(keys)),
    async forgetSource(source) {
      for (;;) {
        const page = await files.filesOf(source, { limit: PAGE });
        if (page.length === 0) return;
        await inTurn(() => forgetNow(page));
      }
    },
    async *checkAll(sources) {
      const known = new Set<string>();
      for await (const page of pagesOfDocuments(index)) {
        const removeOrphans = async () => {
          const held = await Promise.all(page.map(async (hash) => (await files.filesWith(hash)).length > 0));
          const unheld = page.filter((_, i) => !held[i]);
          if (unheld.length > 0) await index.remove(unheld);
          return new Set(unheld);
        };
        const orphans = await inTurn(removeOrphans);
        if (orphans.size > 0) onChange();
        // A quarter of a hash tells documents apart well enough to notice one that is missing, at a quarter of the memory.
        for (const hash of page) if (!orphans.has(hash)) known.add(hash.slice(0, 16));
      }
      for (const source of sources) {
        for await (const file of filesOf(files, source)) {
          if (file.hash !== undefined && !known.has(file.hash.slice(0, 16))) yield file;
        }
      }
    },
  };
}

async function* pagesOfDocuments(index: DocumentIndex): AsyncGenerator<DocumentHash[]> {
  let after: { modifiedAt: number; hash: DocumentHash } | undefined;
  for (;;) {
    const page = await index.list({ limit: PAGE, after });
    if (page.length === 0) return;
    yield page.map(({ hash }) => hash);
    after = page.at(-1);
  }
}

/**
 * Files of one source in order of path, a page at a time: all, or those of the folder `prefix` with its own entry, which
 * stands for a problem. `.` comes right before `/`, so that the search begins just ahead of that entry.
 */
export async function* filesOf(files: FileCatalogue, source: string, prefix = ''): AsyncGenerator<SharedFile> {
  let after: string | undefined = prefix === '' ? undefined : `${prefix.slice(0, -1)}.\uffff`;
  for (;;) {
    const page = await files.filesOf(source, { limit: PAGE, after });
    for (const file of page) {
      if (!file.path.startsWith(prefix)) return;
      yield file;
    }
    if (page.length === 0) return;
    after = page.at(-1)?.path;
  }
}

const isSameFile = (a: FileKey, b: FileKey) => a.source === b.source && a.path === b.path;
const isEqual = (a: SharedFile | undefined, b: SharedFile) =>
  a !== undefined &&
  a.size === b.size &&
  a.modifiedMs === b.modifiedMs &&
  a.hash === b.hash &&
  a.state === b.state &&
  a.problem === b.problem;
