import type { FileCatalogue } from '@kith/documents';
import { UPLOAD_SOURCE } from '../index/ledger.ts';

/** Sources that have files and are not shared any more: a stop came in the middle of taking them off. */
export async function sourcesWithout(files: FileCatalogue): Promise<string[]> {
  const folders = new Set((await files.listFolders()).map(({ id }) => id));
  return Object.keys(await files.countBySource()).filter((id) => id !== UPLOAD_SOURCE && !folders.has(id));
}
