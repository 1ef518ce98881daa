import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { parse, resolve } from 'node:path';
import type { FileCatalogue, SharedFile, SharedFolder } from '@kith/documents';
import { untilAborted } from '@kith/membership';
import { type Clock, codeOf, eventually, type Log, ServiceError } from '@kith/service';
import type { Share } from '@kith/wire';
import { INDEX_AWAY_MS } from './config.ts';
import type { FileQueue } from './file-queue.ts';
import type { FolderList } from './folder-list.ts';
import type { Indexing } from './indexing.ts';
import { type Ledger, UPLOAD_SOURCE } from './ledger.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { badFolder, realFolder } from './real-folder.ts';
import { createShareFolder, type ShareFolder } from './share-folder.ts';
import { isWithin } from './walk.ts';

export interface Shares {
  /** An index that is away is no failure: the folders are then begun with as soon as it answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Takes on the duty of looking through the folders, until the signal aborts. */
  lead(signal: AbortSignal): Promise<void>;
  /** Takes over what other replicas have added and removed. */
  sync(): Promise<void>;
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
  readonly folderList: FolderList;
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
  /** Told after the owner has added a folder or taken one away here. */
  readonly onNewList: () => void;
  /** State of a share as the replica tells that has the duty of the folders; asked while this one has it not. */
  readonly toldOf: (id: string) => Pick<Share, 'state' | 'problem'> | undefined;
}

export function createShares(options: SharesOptions): Shares {
  const { files, folderList, queue, indexing, ledger, clock, log, rescanMs, dataDirectory, fromStart, onChange } =
    options;
  const serially = oneAtATime();
  const running = new Map<string, ShareFolder>();
  const settled = new Set<string>();
  let except = dataDirectory;
  let duty: AbortSignal | undefined;
  const ending = new AbortController();
  let beginning: Promise<void> | undefined;

  const run = (folder: SharedFolder) => {
    const common = { files, queue, ledger, clock, log, rescanMs, except, onChange, duty: () => duty };
    const share = createShareFolder({ folder, ...common });
    running.set(folder.id, share);
    share.start();
  };

  /** `scanning` lasts until every file was looked at, not only found. */
  const stateOf = (share: ShareFolder): Pick<Share, 'state' | 'problem'> => {
    const now = share.state();
    if (duty === undefined) return options.toldOf(share.id) ?? now;
    if (now.state !== 'watching' || settled.has(share.id)) return now;
    if (queue.has(share.id) || indexing.has(share.id)) return { ...now, state: 'scanning' };
    settled.add(share.id);
    return now;
  };
  const viewOf = (share: ShareFolder, counts: Awaited<ReturnType<FileCatalogue['countBySource']>>): Share => {
    const { files: count, failed } = counts[share.id] ?? { files: 0, failed: 0 };
    return { id: share.id, path: share.path, files: count, failed, ...stateOf(share) };
  };

  /** Ends the work on a folder that is no longer shared; its files are to be forgotten then. */
  const end = async (share: ShareFolder) => {
    running.delete(share.id);
    settled.delete(share.id);
    await share.stop();
    queue.drop(share.id);
    await indexing.leave(share.id);
  };
  const syncNow = async () => {
    const folders = await folderList.list();
    const ended = [...running.values()].filter((share) => !folders.some(({ id }) => id === share.id));
    const begun = folders.filter(({ id }) => !running.has(id));
    for (const folder of begun) run(folder);
    for (const share of ended) {
      await end(share);
      // Whoever took it away has done so too, but a file may have been written down in the same moment.
      if (duty && !duty.aborted) await ledger.forgetSource(share.id);
    }
    if (begun.length + ended.length > 0) onChange();
  };

  return {
    async lead(signal) {
      duty = signal;
      for (const share of running.values()) share.dutyChanged();
      onChange();
      await untilAborted(signal);
      duty = undefined;
      settled.clear();
      for (const share of running.values()) {
        share.dutyChanged();
        queue.drop(share.id);
      }
    },
    sync: () => serially(syncNow),
    async start() {
      await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
      except = await realpath(dataDirectory);
      try {
        await begin();
      } catch (error) {
        if (codeOf(error) !== 'index_away') throw error;
        log.warn({ err: error }, 'the index is away: shared folders are begun with when it is back');
        beginning = beginLater();
      }
    },
    async stop() {
      ending.abort();
      await beginning;
      await Promise.all([...running.values()].map((share) => share.stop()));
    },
    add: (path) => serially(() => addNow(path)),
    remove: (id) => serially(() => removeNow(id)),
    async list() {
      const counts = await files.countBySource();
      return [...running.values()].map((share) => viewOf(share, counts));
    },
    rootOf: (id) => running.get(id)?.root(),
    pathOf: (id) => running.get(id)?.path,
    lookAgain: ({ source, path }) => running.get(source)?.lookAgain(path),
  };

  async function begin(): Promise<void> {
    const known = await folderList.list();
    for (const path of fromStart) {
      const id = idOf(await realpath(path).catch(() => path));
      if (known.some((folder) => folder.id === id)) continue;
      const folder = { id, path, addedAt: clock.now() };
      await folderList.put(folder);
      known.push(folder);
    }
    for (const folder of known) if (!running.has(folder.id)) run(folder);
  }

  async function beginLater(): Promise<void> {
    const pause = { intervalMs: INDEX_AWAY_MS, clock, signal: ending.signal };
    if (await eventually(() => serially(begin), pause)) onChange();
  }

  async function addNow(path: string): Promise<Share> {
    const real = await realFolder(path);
    if (isWithin(real, except)) throw badFolder('That folder holds this node’s own data, keys too: share another one.');
    if (real === parse(real).root)
      throw badFolder('That is the whole disk: share the folders that are meant for others.');
    for (const share of running.values()) {
      const root = share.root() ?? share.path;
      if (!isWithin(real, root)) continue;
      throw new ServiceError('share_exists', `It is shared already, as ${share.path} or a part of it.`);
    }
    const folder = { id: idOf(real), path: resolve(path), addedAt: clock.now() };
    await folderList.put(folder);
    run(folder);
    onChange();
    options.onNewList();
    return viewOf(running.get(folder.id) as ShareFolder, {});
  }

  async function removeNow(id: string): Promise<void> {
    const share = running.get(id);
    if (!share) throw new ServiceError('share_not_found', 'No shared folder has this id: see the list of shares.');
    await folderList.remove(id);
    await end(share);
    await ledger.forgetSource(id);
    onChange();
    options.onNewList();
  }
}

/** Sources that have files and are not shared any more: a stop came in the middle of taking them off. */
export async function sourcesWithout(files: FileCatalogue): Promise<string[]> {
  const folders = new Set((await files.listFolders()).map(({ id }) => id));
  return Object.keys(await files.countBySource()).filter((id) => id !== UPLOAD_SOURCE && !folders.has(id));
}

/** The same folder has the same id on every start and in every replica. */
const idOf = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 12);
