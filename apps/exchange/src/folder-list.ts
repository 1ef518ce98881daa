import { join } from 'node:path';
import type { FileCatalogue, SharedFolder } from '@kith/documents';
import type { Log } from '@kith/service';
import { z } from 'zod';
import { readJson, replaceFile } from './json-file.ts';
import type { OneWriter } from './one-writer.ts';

/**
 * Which folders are shared: those of the catalogue, and in `folders.json` of the data folder once more, since nobody
 * could know them again if the catalogue is lost. A folder is written to the file last and taken off it first: one that
 * stands only there has been lost.
 */
export interface FolderList {
  /** Puts back what the catalogue has lost. */
  list(): Promise<SharedFolder[]>;
  put(folder: SharedFolder): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface FolderListOptions {
  readonly files: FileCatalogue;
  readonly oneWriter: OneWriter;
  readonly dataDirectory: string;
  readonly log: Log;
}

const keptSchema = z.object({
  folders: z.array(z.object({ id: z.string().min(1), path: z.string().min(1), addedAt: z.number() })),
});

export function createFolderList({ files, oneWriter, dataDirectory, log }: FolderListOptions): FolderList {
  const file = join(dataDirectory, 'folders.json');

  const kept = async (): Promise<SharedFolder[]> => (await readJson(file, keptSchema))?.folders ?? [];

  async function keep(folders: readonly SharedFolder[]): Promise<void> {
    const short = folders.map(({ id, path, addedAt }) => ({ id, path, addedAt }));
    await replaceFile(file, `${JSON.stringify({ folders: short }, null, 2)}\n`);
  }

  /** The catalogue is read first, so that a folder which is just being taken off does not seem to be lost. */
  async function look() {
    const known = await files.listFolders();
    const inFile = await kept();
    const without = (one: readonly SharedFolder[], other: readonly SharedFolder[]) =>
      one.filter(({ id }) => !other.some((folder) => folder.id === id));
    return { known, lost: without(inFile, known), unkept: without(known, inFile) };
  }

  return {
    async list() {
      const first = await look();
      if (first.lost.length + first.unkept.length === 0) return first.known;
      return oneWriter(async () => {
        const { known, lost, unkept } = await look();
        for (const folder of lost) await files.putFolder(folder);
        if (lost.length > 0) log.warn({ folders: lost }, 'the index had lost these shared folders: they are put back');
        const all = [...known, ...lost];
        // A full disk is no reason to share nothing.
        if (unkept.length > 0) await keep(all).catch((error) => log.warn({ err: error }, NOT_KEPT));
        return all;
      });
    },
    put: (folder) =>
      oneWriter(async () => {
        await files.putFolder(folder);
        await keep([...(await kept()).filter(({ id }) => id !== folder.id), folder]).catch((error) =>
          log.warn({ err: error }, NOT_KEPT),
        );
      }),
    remove: (id) =>
      oneWriter(async () => {
        await keep((await kept()).filter((folder) => folder.id !== id));
        await files.removeFolder(id);
      }),
  };
}

const NOT_KEPT = 'the list of shared folders could not be written to folders.json';
