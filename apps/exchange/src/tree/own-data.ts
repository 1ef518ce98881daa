import { lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileFacts } from '../drives/drive-calls.ts';
import { isWithin } from '../drives/is-within.ts';
import { identity } from '../drives/open-inside.ts';

/** Levels of folders in which the node keeps files of its own, beside what was uploaded. */
const LEVELS = 3;

/** The node's own data, which is in no share: its folder under whatever name, and its files under any other name. */
export class OwnData {
  readonly real: string;
  readonly identity: string;

  private constructor(real: string, own: string) {
    this.real = real;
    this.identity = own;
  }

  static async open(directory: string): Promise<OwnData> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const real = await realpath(directory);
    return new OwnData(real, identity(await stat(real)));
  }

  /** Whether a folder is the node's own or in it; one that is mounted elsewhere too is known by its identity. */
  holdsFolder(path: string, own?: string): boolean {
    return isWithin(path, this.real) || own === this.identity;
  }

  /** Whether a file is one of the node's own (but for uploads), by another name: a hard link. */
  async holdsFile({ links, identity: own }: Pick<FileFacts, 'links' | 'identity'>): Promise<boolean> {
    if (links < 2 || own.split(':')[0] !== this.identity.split(':')[0]) return false;
    return (await identitiesIn(this.real, LEVELS)).has(own);
  }
}

async function identitiesIn(folder: string, levels: number): Promise<Set<string>> {
  const found = new Set<string>();
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isFile()) {
      const stats = await lstat(path).catch(() => undefined);
      if (stats) found.add(identity(stats));
    } else if (entry.isDirectory() && entry.name !== 'blobs' && levels > 1) {
      for (const one of await identitiesIn(path, levels - 1)) found.add(one);
    }
  }
  return found;
}
