import { resolve } from 'node:path';
import type { FileCatalogue, SharedFile } from '@kith/documents';
import { untilAborted } from '@kith/membership';
import { type Clock, codeOf, eventually, type Log, ServiceError } from '@kith/service';
import type { Share } from '@kith/wire';
import { INDEX_AWAY_MS, START_PATIENCE_MS } from '../config.ts';
import type { RootFound } from '../drives/drive-calls.ts';
import type { Drives } from '../drives/drives.ts';
import { isWithin } from '../drives/is-within.ts';
import type { FileQueue } from '../index/file-queue.ts';
import type { Indexing } from '../index/indexing.ts';
import type { Ledger } from '../index/ledger.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { OwnData } from '../tree/own-data.ts';
import type { ShareTree } from '../tree/share-tree.ts';
import { within } from '../within.ts';
import type { FolderList, ListedFolder } from './folder-list.ts';
import { namedPaths } from './named-paths.ts';
import { badFolder, realFolder } from './real-folder.ts';
import { shareIdOf, sharesOfSetting } from './setting-shares.ts';
import { createShareFolder, type ShareFolder, type ShareState } from './share-folder.ts';
import { refusalOf } from './share-gate.ts';

export interface Shares {
  /** An index that is away is no failure: the folders are then begun with as soon as it answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Takes on the duty of looking through the folders, until the signal aborts. */
  lead(signal: AbortSignal): Promise<void>;
  /** Takes over what other replicas have added and removed. */
  sync(): Promise<void>;
  /**
   * Shares a folder, or changes what else is shared of one that is; `also` as in ShareRules. Throws `bad_request` or
   * `share_exists` with what to do instead.
   */
  add(path: string, also?: readonly string[]): Promise<Share>;
  /** When it resolves, nothing of the folder is listed or served any more. Throws `share_not_found`. */
  remove(id: string): Promise<void>;
  list(): Promise<Share[]>;
  /** A shared folder that is there now. */
  treeOf(id: string): ShareTree | undefined;
  /** Path as the owner gave it; undefined for uploads and what is no longer shared. */
  pathOf(id: string): string | undefined;
  lookAgain(file: Pick<SharedFile, 'source' | 'path'>): void;
}

export interface SharesOptions {
  readonly drives: Drives;
  readonly files: FileCatalogue;
  readonly folderList: FolderList;
  readonly queue: FileQueue;
  readonly indexing: Indexing;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly rescanMs: number;
  readonly ownData: OwnData;
  /** Absolute paths that the settings say. */
  readonly fromStart: readonly string[];
  readonly onChange: () => void;
  /** Told after the owner has added a folder or taken one away here. */
  readonly onNewList: () => void;
  /** State of a share as the replica tells that has the duty of the folders; asked while this one has it not. */
  readonly toldOf: (id: string) => ShareState | undefined;
}

export function createShares(options: SharesOptions): Shares {
  const { drives, files, folderList, queue, indexing, ledger, clock, log, ownData, onChange } = options;
  const serially = oneAtATime();
  const running = new Map<string, ShareFolder>();
  const fromSetting = new Set<string>();
  const settled = new Set<string>();
  let duty: AbortSignal | undefined;
  const ending = new AbortController();
  let beginning: Promise<void> | undefined;

  const run = (folder: ListedFolder) => {
    const common = { drives, files, queue, ledger, clock, log, rescanMs: options.rescanMs, ownData, onChange };
    const refuse = (found: RootFound, also: readonly string[]) =>
      refusalOf(found, ownData, also) ?? sameAsAnother(folder.id, found);
    const share = createShareFolder({ folder, ...common, refusalOf: refuse, duty: () => duty });
    running.set(folder.id, share);
    if (folder.fromSetting) fromSetting.add(folder.id);
    share.start();
  };
  const sameAsAnother = (id: string, { identity }: RootFound): string | undefined => {
    const other = [...running.values()].find((share) => share.id !== id && share.tree()?.identity === identity);
    return other && `It is the same folder as ${other.path}, which is shared already: stop sharing one of the two.`;
  };

  /** `scanning` lasts until every file was looked at, not only found. */
  const stateOf = (share: ShareFolder): ShareState => {
    const now = share.state();
    if (duty === undefined) return options.toldOf(share.id) ?? now;
    if (now.state !== 'watching' || settled.has(share.id)) return now;
    if (queue.has(share.id) || indexing.has(share.id)) return { ...now, state: 'scanning' };
    settled.add(share.id);
    return now;
  };
  const viewOf = (share: ShareFolder, counts: Awaited<ReturnType<FileCatalogue['countBySource']>>): Share => {
    const { files: count, failed } = counts[share.id] ?? { files: 0, failed: 0 };
    const { id, path } = share;
    const also = share.also().map((one) => one || '.');
    const more = { ...(also.length > 0 ? { also } : {}), ...(fromSetting.has(id) ? { fromSetting: true } : {}) };
    return { id, path, files: count, failed, ...stateOf(share), ...more };
  };

  /** Ends the work on a folder that is no longer shared; its files are to be forgotten then. */
  const end = async (share: ShareFolder) => {
    running.delete(share.id);
    settled.delete(share.id);
    fromSetting.delete(share.id);
    await share.stop();
    queue.drop(share.id);
    await indexing.leave(share.id);
  };
  const syncNow = async () => {
    const folders = await folderList.list();
    const ended = [...running.values()].filter((share) => !folders.some(({ id }) => id === share.id));
    const begun = folders.filter(({ id }) => !running.has(id));
    for (const folder of begun) run(folder);
    for (const folder of folders) takeOver(folder);
    for (const share of ended) {
      await end(share);
      // Whoever took it away has done so too, but a file may have been written down in the same moment.
      if (duty && !duty.aborted) await ledger.forgetSource(share.id);
    }
    if (begun.length + ended.length > 0) onChange();
  };
  const takeOver = ({ id, also, fromSetting: isSettings }: ListedFolder) => {
    const share = running.get(id);
    if (share && share.also().join('\n') !== also.join('\n')) share.setAlso(also);
    if (!isSettings) fromSetting.delete(id);
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
      const begun = serially(begin).catch((error) => {
        if (codeOf(error) !== 'index_away') throw error;
        log.warn({ err: error }, 'the index is away: shared folders are begun with when it is back');
        beginning = beginLater();
      });
      // A drive that hangs does not keep the node from starting.
      await within(begun, START_PATIENCE_MS, clock);
    },
    async stop() {
      ending.abort();
      await beginning;
      await Promise.all([...running.values()].map((share) => share.stop()));
    },
    add: (path, also) => serially(() => addNow(path, also)),
    remove: (id) => serially(() => removeNow(id)),
    async list() {
      const counts = await files.countBySource();
      return [...running.values()].map((share) => viewOf(share, counts));
    },
    treeOf: (id) => running.get(id)?.tree(),
    pathOf: (id) => running.get(id)?.path,
    lookAgain: ({ source, path }) => running.get(source)?.lookAgain(path),
  };

  async function begin(): Promise<void> {
    const realPathOf = async (path: string) => {
      const found = await drives.call(path, 'findRoot', { path }).catch(() => undefined);
      return found?.real;
    };
    const [listed, ended] = [await folderList.list(), await folderList.ended()];
    const plan = await sharesOfSetting({ setting: options.fromStart, listed, ended, realPathOf });
    for (const folder of plan.over) {
      log.info({ folder: folder.path }, 'KITH_SHARE no longer names this folder: it is not shared any more');
      await folderList.remove(folder.id);
      // A stop in the middle of this is made good by tidying up.
      ledger
        .forgetSource(folder.id)
        .catch((error) => log.warn({ err: error }, 'the files of a folder are still listed'));
    }
    for (const { id, path } of plan.begun)
      await folderList.put({ id, path, addedAt: clock.now(), also: [], fromSetting: true });
    await folderList.forgetEnded(plan.forgotten);
    for (const folder of await folderList.list()) if (!running.has(folder.id)) run(folder);
  }

  async function beginLater(): Promise<void> {
    const pause = { intervalMs: INDEX_AWAY_MS, clock, signal: ending.signal };
    if (await eventually(() => serially(begin), pause)) onChange();
  }

  async function addNow(path: string, named?: readonly string[]): Promise<Share> {
    const found = await realFolder(path, () => drives.call(path, 'findRoot', { path }));
    const also = named && namedPaths(named);
    const refusal = refusalOf(found, ownData, also);
    if (refusal !== undefined) throw badFolder(refusal);
    const known = [...running.values()].find(
      (share) => share.path === resolve(path) || share.tree()?.identity === found.identity,
    );
    if (known && (also !== undefined || fromSetting.has(known.id))) return changeNow(known, also ?? known.also());
    for (const share of running.values()) {
      if (!isWithin(found.real, share.tree()?.root ?? share.path)) continue;
      throw new ServiceError('share_exists', `It is shared already, as ${share.path} or a part of it.`);
    }
    const folder = { id: shareIdOf(found.real), path: resolve(path), addedAt: clock.now(), also: also ?? [] };
    await put({ ...folder, fromSetting: false });
    run({ ...folder, fromSetting: false });
    onChange();
    options.onNewList();
    return viewOf(running.get(folder.id) as ShareFolder, {});
  }

  /** The owner himself shares a folder that is shared: from now on it is his, whatever the setting says. */
  async function changeNow(share: ShareFolder, also: readonly string[]): Promise<Share> {
    const [before] = (await folderList.list()).filter(({ id }) => id === share.id);
    await put({ id: share.id, path: share.path, addedAt: before?.addedAt ?? clock.now(), also, fromSetting: false });
    fromSetting.delete(share.id);
    settled.delete(share.id);
    share.setAlso(also);
    onChange();
    options.onNewList();
    return viewOf(share, await files.countBySource());
  }

  async function put(folder: ListedFolder): Promise<void> {
    await folderList.put(folder);
    await folderList.forgetEnded([folder.path]);
  }

  async function removeNow(id: string): Promise<void> {
    const share = running.get(id);
    if (!share) throw new ServiceError('share_not_found', 'No shared folder has this id: see the list of shares.');
    // Whether the setting means this folder, perhaps through a link, is looked at when it would be shared again.
    await folderList.remove(id, options.fromStart.length > 0 ? { remember: share.path } : {});
    await end(share);
    await ledger.forgetSource(id);
    onChange();
    options.onNewList();
  }
}
