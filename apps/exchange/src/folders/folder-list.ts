import { join } from 'node:path';
import type { FileCatalogue, SharedFolder } from '@kith/documents';
import type { Log } from '@kith/service';
import { z } from 'zod';
import type { OneWriter } from '../index/one-writer.ts';
import { readJson, replaceFile } from '../json-file.ts';

/** A shared folder, and what only the list knows of it. */
export interface ListedFolder extends Pick<SharedFolder, 'id' | 'path' | 'addedAt'> {
  /** Paths that its owner has named although they are left out otherwise (ShareRules). */
  readonly also: readonly string[];
  /** Whether it is shared because the setting says so, and only as long. */
  readonly fromSetting: boolean;
}

/**
 * Which folders are shared: those of the catalogue, and in `folders.json` of the data folder once more, since nobody
 * could know them again if the catalogue is lost. A folder is written to the file last and taken off it first: one that
 * stands only there has been lost. What only the file knows (what the owner has named, and what he has ended sharing of
 * the setting's folders) is lost with it: the folder is then shared as one that the owner has added.
 */
export interface FolderList {
  /** Puts back what the catalogue has lost. */
  list(): Promise<ListedFolder[]>;
  put(folder: ListedFolder): Promise<void>;
  /** `remember`: its path in the setting, by which it is not shared again. */
  remove(id: string, options?: { remember?: string | undefined }): Promise<void>;
  /** Paths of the setting that the owner has ended sharing. */
  ended(): Promise<string[]>;
  /** The setting no longer names these, or the owner shares them again. */
  forgetEnded(paths: readonly string[]): Promise<void>;
}

export interface FolderListOptions {
  readonly files: FileCatalogue;
  readonly oneWriter: OneWriter;
  readonly dataDirectory: string;
  readonly log: Log;
}

const path = z.string().min(1);
const keptSchema = z.object({
  folders: z.array(
    z.object({
      id: z.string().min(1),
      path,
      addedAt: z.number(),
      also: z.array(z.string()).default([]),
      fromSetting: z.boolean().default(false),
    }),
  ),
  ended: z.array(path).default([]),
});
type Kept = z.infer<typeof keptSchema>;

export function createFolderList({ files, oneWriter, dataDirectory, log }: FolderListOptions): FolderList {
  const file = join(dataDirectory, 'folders.json');
  const read = async (): Promise<Kept> => (await readJson(file, keptSchema)) ?? { folders: [], ended: [] };
  const keep = (kept: Kept) => replaceFile(file, `${JSON.stringify(kept, null, 2)}\n`, { durable: true });
  // A full disk is no reason to share nothing.
  const tryToKeep = (kept: Kept) => keep(kept).catch((error) => log.warn({ err: error }, NOT_KEPT));

  /** The catalogue is read first, so that a folder which is just being taken off does not seem to be lost. */
  async function look() {
    const known = await files.listFolders();
    const kept = await read();
    const lost = kept.folders.filter(({ id }) => !known.some((folder) => folder.id === id));
    const all = [...known, ...lost].map(({ id, path, addedAt }): Kept['folders'][number] => {
      const { also = [], fromSetting = false } = kept.folders.find((folder) => folder.id === id) ?? {};
      return { id, path, addedAt, also, fromSetting };
    });
    return { kept, lost, all, isWhole: all.length === kept.folders.length };
  }

  return {
    async list() {
      const first = await look();
      if (first.lost.length === 0 && first.isWhole) return first.all;
      return oneWriter(async () => {
        const { kept, lost, all, isWhole } = await look();
        for (const { id, path, addedAt } of lost) await files.putFolder({ id, path, addedAt });
        if (lost.length > 0) log.warn({ folders: lost }, 'the index had lost these shared folders: they are put back');
        if (!isWhole) await tryToKeep({ ...kept, folders: all });
        return all;
      });
    },
    put: (folder) =>
      oneWriter(async () => {
        const { id, path, addedAt, also, fromSetting } = folder;
        await files.putFolder({ id, path, addedAt });
        const { folders, ended } = await read();
        const others = folders.filter((one) => one.id !== id);
        await tryToKeep({ folders: [...others, { id, path, addedAt, also: [...also], fromSetting }], ended });
      }),
    remove: (id, { remember } = {}) =>
      oneWriter(async () => {
        const { folders, ended } = await read();
        const all = remember === undefined ? ended : [...ended.filter((one) => one !== remember), remember];
        await keep({ folders: folders.filter((folder) => folder.id !== id), ended: all });
        await files.removeFolder(id);
      }),
    ended: async () => (await read()).ended,
    forgetEnded: (paths) =>
      oneWriter(async () => {
        const { folders, ended } = await read();
        const left = ended.filter((one) => !paths.includes(one));
        if (left.length < ended.length) await keep({ folders, ended: left });
      }),
  };
}

const NOT_KEPT = 'the list of shared folders could not be written to folders.json';
