import { IndexAwayError } from '../errors.ts';
import type { FileCatalogue, SharedFile, SharedFolder } from '../file-catalogue.ts';

/** The catalogue in memory; also the plainest form of the contract. */
export function createMemoryFileCatalogue(): FileCatalogue {
  const files = new Map<string, SharedFile>();
  const folders = new Map<string, SharedFolder>();
  let closed = false;
  const open = () => {
    if (closed) throw new IndexAwayError('The catalogue is closed.');
  };
  const keyOf = ({ source, path }: { source: string; path: string }) => JSON.stringify([source, path]);
  const some = (wanted: (file: SharedFile) => boolean) => [...files.values()].filter(wanted);

  return {
    async putFiles(given) {
      open();
      for (const file of given) files.set(keyOf(file), { ...file });
    },
    async removeFiles(keys) {
      open();
      for (const key of keys) files.delete(keyOf(key));
    },
    async getFile(source, path) {
      open();
      return files.get(keyOf({ source, path }));
    },
    async filesOf(source, { limit, after }) {
      open();
      return some((file) => file.source === source && (after === undefined || file.path > after))
        .sort(byPlace)
        .slice(0, limit);
    },
    async filesWith(hash) {
      open();
      return some((file) => file.hash === hash).sort(byPlace);
    },
    async countBySource() {
      open();
      const counts = new Map<string, { files: number; failed: number }>();
      for (const { source, state } of files.values()) {
        const count = counts.get(source) ?? { files: 0, failed: 0 };
        counts.set(source, { files: count.files + 1, failed: count.failed + (state === 'failed' ? 1 : 0) });
      }
      return Object.fromEntries(counts);
    },
    async failures(limit) {
      open();
      return some(({ state }) => state === 'failed')
        .sort((a, b) => b.addedAt - a.addedAt || byPlace(a, b))
        .slice(0, limit);
    },
    async putFolder(folder) {
      open();
      folders.set(folder.id, { ...folder });
    },
    async removeFolder(id) {
      open();
      folders.delete(id);
    },
    async listFolders() {
      open();
      return [...folders.values()].sort((a, b) => a.addedAt - b.addedAt || compareText(a.id, b.id));
    },
    async close() {
      closed = true;
    },
  };
}

/** By UTF-16 units, as `<` compares. */
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byPlace = (a: SharedFile, b: SharedFile) => compareText(a.source, b.source) || compareText(a.path, b.path);
