import { createHash } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, parse, resolve, sep } from 'node:path';
import type { FileCatalogue, SharedFile, SharedFolder } from '@kith/documents';
import { type Clock, codeOf, type Log, ServiceError } from '@kith/service';
import type { Share } from '@kith/wire';
import type { FileQueue } from './file-queue.ts';
import type { Indexing } from './indexing.ts';
import { type Ledger, UPLOAD_SOURCE } from './ledger.ts';
import { createShareFolder, type ShareFolder } from './share-folder.ts';
import { isWithin } from './walk.ts';

export interface Shares {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Throws `bad_request` or `share_exists` with what to do instead. */
  add(path: string): Promise<Share>;
  /** When it resolves, nothing of the folder is listed or served any more. Throws `share_not_found`. */
  remove(id: string): Promise<void>;
  list(): Promise<Share[]>;
  /** Real path of a shared folder that is there now. */
  rootOf(id: string): string | undefined;
  /** Path as the owner gave it; undefined for uploads and what is no longer shared. */
  pathOf(id: string): string | undefined;
  lookAgain(file: Pick<SharedFile, 'source' | 'path'>): void;
}

export interface SharesOptions {
  readonly files: FileCatalogue;
  readonly queue: FileQueue;
  readonly indexing: Indexing;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly rescanMs: number;
  readonly dataDirectory: string;
  /** Absolute paths that the settings say. */
  readonly fromStart: readonly string[];
  readonly onChange: () => void;
}

export function createShares(options: SharesOptions): Shares {
  const { files, queue, indexing, ledger, clock, log, rescanMs, dataDirectory, fromStart, onChange } = options;
  const running = new Map<string, ShareFolder>();
  const settled = new Set<string>();
  let except = dataDirectory;

  const run = (folder: SharedFolder) => {
    const common = { files, queue, ledger, clock, log, rescanMs, except, onChange };
    const share = createShareFolder({ folder, ...common });
    running.set(folder.id, share);
    share.start();
  };

  /** `scanning` lasts until every file was looked at, not only found. */
  const stateOf = (share: ShareFolder): Pick<Share, 'state' | 'problem'> => {
    const now = share.state();
    if (now.state !== 'watching' || settled.has(share.id)) return now;
    if (queue.has(share.id) || indexing.has(share.id)) return { ...now, state: 'scanning' };
    settled.add(share.id);
    return now;
  };
  const viewOf = (share: ShareFolder, counts: Awaited<ReturnType<FileCatalogue['countBySource']>>): Share => {
    const { files: count, failed } = counts[share.id] ?? { files: 0, failed: 0 };
    return { id: share.id, path: share.path, files: count, failed, ...stateOf(share) };
  };

  return {
    async start() {
      await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
      except = await realpath(dataDirectory);
      const known = await files.listFolders();
      for (const path of fromStart) {
        const id = idOf(await realpath(path).catch(() => path));
        if (known.some((folder) => folder.id === id)) continue;
        const folder = { id, path, addedAt: clock.now() };
        await files.putFolder(folder);
        known.push(folder);
      }
      for (const folder of known) run(folder);
    },
    async stop() {
      await Promise.all([...running.values()].map((share) => share.stop()));
    },
    async add(path) {
      const real = await realFolder(path);
      if (isWithin(real, except)) throw bad('That folder holds this node’s own data, keys too: share another one.');
      if (real === parse(real).root) throw bad('That is the whole disk: share the folders that are meant for others.');
      for (const share of running.values()) {
        const root = share.root() ?? share.path;
        if (!isWithin(real, root)) continue;
        throw new ServiceError('share_exists', `It is shared already, as ${share.path} or a part of it.`);
      }
      const folder = { id: idOf(real), path: resolve(path), addedAt: clock.now() };
      await files.putFolder(folder);
      run(folder);
      onChange();
      return viewOf(running.get(folder.id) as ShareFolder, {});
    },
    async remove(id) {
      const share = running.get(id);
      if (!share) throw new ServiceError('share_not_found', 'No shared folder has this id: see the list of shares.');
      await files.removeFolder(id);
      running.delete(id);
      settled.delete(id);
      await share.stop();
      queue.drop(id);
      await indexing.leave(id);
      await ledger.forgetSource(id);
      onChange();
    },
    async list() {
      const counts = await files.countBySource();
      return [...running.values()].map((share) => viewOf(share, counts));
    },
    rootOf: (id) => running.get(id)?.root(),
    pathOf: (id) => running.get(id)?.path,
    lookAgain: ({ source, path }) => running.get(source)?.lookAgain(path),
  };
}

/** Sources that have files and are not shared any more: a stop came in the middle of taking them off. */
export async function sourcesWithout(files: FileCatalogue): Promise<string[]> {
  const folders = new Set((await files.listFolders()).map(({ id }) => id));
  return Object.keys(await files.countBySource()).filter((id) => id !== UPLOAD_SOURCE && !folders.has(id));
}

/** The same folder has the same id on every start and in every replica. */
const idOf = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 12);
const bad = (message: string) => new ServiceError('bad_request', message);

async function realFolder(path: string): Promise<string> {
  if (!isAbsolute(path)) throw bad(`Give the whole path of the folder, from ${sep === '/' ? '/' : 'the drive'} on.`);
  try {
    const real = await realpath(path);
    if (!(await stat(real)).isDirectory()) throw bad('That is a file: share the folder that holds it, or upload it.');
    return real;
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const code = codeOf(error);
    throw bad(
      code === 'EACCES' || code === 'EPERM'
        ? 'That folder may not be read: give this node’s user the right to read it.'
        : 'There is no such folder on the machine that this node runs on: check the path.',
    );
  }
}
