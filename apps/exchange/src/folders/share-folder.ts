import type { FileCatalogue } from '@kith/documents';
import { type Clock, codeOf, type Log } from '@kith/service';
import type { Share } from '@kith/wire';
import { AWAY_MS, GATHER_MS, GONE_MS, INDEX_AWAY_MS, SETTLE_MS, UNWATCHED_MS } from '../config.ts';
import type { RootFound } from '../drives/drive-calls.ts';
import type { Drives } from '../drives/drives.ts';
import type { FileQueue, Waiting } from '../index/file-queue.ts';
import { failed } from '../index/indexing.ts';
import { filesOf, type Ledger } from '../index/ledger.ts';
import type { OwnData } from '../tree/own-data.ts';
import { type LeftOut, ShareRules } from '../tree/share-rules.ts';
import { ShareTree } from '../tree/share-tree.ts';
import { type Found, walk } from '../tree/walk.ts';
import { compareWalk, isSame } from './compare-walk.ts';
import { Hints } from './hints.ts';
import { LeftOutList } from './left-out-list.ts';
import { AwayError, awayFor, requireFolder } from './share-root.ts';
import { ShareWatch } from './share-watch.ts';

export type ShareState = Pick<Share, 'state' | 'problem' | 'leftOut'>;

export interface ShareFolderOptions {
  readonly folder: { readonly id: string; readonly path: string; readonly also: readonly string[] };
  readonly drives: Drives;
  readonly files: FileCatalogue;
  readonly queue: FileQueue;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly rescanMs: number;
  readonly ownData: OwnData;
  /** Why the folder that lies there now may not be shared; asked again whenever it is looked at. */
  readonly refusalOf: (found: RootFound, also: readonly string[]) => string | undefined;
  readonly onChange: () => void;
  /** Set while this replica has the duty of looking through folders; aborts when it loses it. */
  readonly duty: () => AbortSignal | undefined;
}

/** One folder that is shared in place: looked through and then watched by the replica whose duty it is, served by all. */
export interface ShareFolder {
  readonly id: string;
  readonly path: string;
  also(): readonly string[];
  /** Shares these too from now on, and no longer what was named before. */
  setAlso(also: readonly string[]): void;
  /** The folder while it is there. */
  tree(): ShareTree | undefined;
  state(): ShareState;
  /** Looks at one file again, now. */
  lookAgain(path: string): void;
  /** To be called when the duty is taken on or lost. */
  dutyChanged(): void;
  start(): void;
  stop(): Promise<void>;
}

/** The folder that lies there may not be shared; the message tells the owner why. */
class RefusedError extends Error {}

export function createShareFolder(options: ShareFolderOptions): ShareFolder {
  const { folder, drives, files, queue, ledger, clock, log, rescanMs, ownData, onChange, duty } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const hints = new Hints();
  const leftOut = new LeftOutList();
  let { also } = folder;
  let found: RootFound | undefined;
  let tree: ShareTree | undefined;
  let watching: ShareWatch | undefined;
  let current: ShareState = { state: 'scanning' };
  let running: Promise<void> | undefined;
  let wake = new AbortController();
  let nextWalkAt = 0;

  const say = (next: Pick<Share, 'state' | 'problem'>) => {
    if (next.state === current.state && next.problem === current.problem) return;
    current = next;
    onChange();
  };
  const hint = (path: string) => {
    hints.add(path);
    wake.abort('a hint');
  };
  const lookThroughAgain = () => {
    closeRoot();
    nextWalkAt = 0;
    wake.abort('a new beginning');
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const mine = duty();
      try {
        await checkRoot(mine !== undefined);
        if (mine === undefined) {
          hints.clear();
          say({ state: 'watching' });
        } else if (clock.monotonic() >= nextWalkAt) {
          hints.clear();
          const from = clock.monotonic();
          await lookThrough('', mine);
          const tookMs = clock.monotonic() - from;
          nextWalkAt = clock.monotonic() + (watching?.limited ? Math.max(UNWATCHED_MS, 20 * tookMs) : rescanMs);
          say({ state: 'watching', ...(watching?.limited ? { problem: LIMITED } : {}) });
        }
        if (mine)
          await hints.each(
            (path) => follow(path, mine),
            () => signal.aborted || mine.aborted,
          );
      } catch (error) {
        if (signal.aborted) return;
        if (mine?.aborted) continue;
        await failedWith(error, mine !== undefined);
      }
      await rest(Math.min(AWAY_MS, Math.max(0, nextWalkAt - clock.monotonic()) || AWAY_MS));
    }
  }

  async function failedWith(error: unknown, isMine: boolean): Promise<void> {
    // Nothing is wrong with the folder: it is gone on with when the index is back.
    if (codeOf(error) === 'index_away') return clock.sleep(INDEX_AWAY_MS, signal).catch(() => {});
    // It is looked through as a whole when it is there again.
    hints.clear();
    closeRoot();
    nextWalkAt = 0;
    if (error instanceof RefusedError) {
      say({ state: 'refused', problem: error.message });
      // What was indexed of it, by a rule of before or through another link, is not to be found any more.
      if (isMine) await ledger.forgetSource(folder.id).catch(() => {});
      return;
    }
    const away = error instanceof AwayError ? error : awayFor(error);
    if (error !== away) log.warn({ err: error, folder: folder.path }, 'a shared folder failed');
    say({ state: 'unreadable', problem: away.message });
  }

  /** Notices that the folder is another one than before: a drive that was taken out, or put in. */
  async function checkRoot(isMine: boolean): Promise<void> {
    const find = () => drives.call(folder.id, 'findRoot', { path: folder.path });
    const now = await requireFolder(find, { before: found, hasFiles });
    const refusal = options.refusalOf(now, also);
    if (refusal !== undefined) throw new RefusedError(refusal);
    const isSameRoot = found?.real === now.real && found.identity === now.identity;
    if (isSameRoot && isMine === (watching !== undefined)) return;
    closeRoot();
    found = now;
    tree = new ShareTree({ drives, drive: folder.id, found: now, rules: new ShareRules(also), ownData });
    if (!isMine) return;
    say({ state: 'scanning' });
    const onLimit = () => log.warn({ folder: folder.path }, LIMITED);
    watching = new ShareWatch({ drives, tree, onHint: hint, onLimit, onLost: lookThroughAgain });
    nextWalkAt = 0;
  }

  async function hasFiles(): Promise<boolean> {
    return (await files.filesOf(folder.id, { limit: 1 })).length > 0;
  }

  async function rest(ms: number): Promise<void> {
    if (hints.size === 0) await clock.sleep(ms, AbortSignal.any([signal, wake.signal])).catch(() => {});
    wake = new AbortController();
    if (hints.size > 0) await clock.sleep(GATHER_MS, signal).catch(() => {});
  }

  async function follow(path: string, mine: AbortSignal): Promise<void> {
    if (tree === undefined) return;
    const out = tree.rules.leftOut(path);
    if (out?.reason !== undefined) leftOut.add(out);
    if (!tree.isShared(path)) return;
    if (path === '' || path.endsWith('/')) return lookThrough(path, mine);
    const looked = await tree.look(path);
    if (looked?.kind === 'folder') return lookThrough(`${path}/`, mine);
    watching?.remove(`${path}/`);
    const known = await files.getFile(folder.id, path);
    if (looked) {
      const one: Found = { kind: 'file', path, size: looked.size, modifiedMs: looked.modifiedMs };
      if (known === undefined || !isSame(known, one)) await changed(one);
    } else if (known) await gone(path);
    else for await (const file of filesOf(files, folder.id, `${path}/`)) await gone(file.path);
  }

  async function lookThrough(from: string, mine: AbortSignal): Promise<void> {
    if (tree === undefined) return;
    const ending = AbortSignal.any([signal, mine]);
    const out: LeftOut[] = [];
    const seen = walk({
      ...{ tree, root: tree.root, from, rules: tree.rules, ownData, signal: ending },
      onFolder: async (path) => watching?.add(path),
      onLeftOut: (one) => out.push(one),
    });
    for await (const one of compareWalk(seen, filesOf(files, folder.id, from))) {
      ending.throwIfAborted();
      if (one.kind === 'gone') await gone(one.path);
      else await changed(one.found);
    }
    leftOut.replace(from, out);
  }

  async function changed(one: Found): Promise<void> {
    const { path } = one;
    if (one.kind === 'problem') {
      const named = { source: folder.id, path, addedAt: clock.now() };
      return ledger.record([failed(named, { size: 0, modifiedMs: 0, message: one.message })]);
    }
    const restedMs = clock.now() - one.modifiedMs;
    const waitMs = restedMs >= 0 && restedMs < SETTLE_MS ? SETTLE_MS - restedMs : 0;
    await offer({ path, kind: 'read', size: one.size, modifiedMs: one.modifiedMs, waitMs });
  }

  const gone = (path: string) => offer({ path, kind: 'gone', size: 0, modifiedMs: 0, waitMs: GONE_MS });
  const offer = ({ waitMs, ...file }: Omit<Waiting, 'source' | 'tries' | 'dueMs'> & { waitMs: number }) => {
    return queue.offer({ ...file, source: folder.id, tries: 0, dueMs: clock.monotonic() + waitMs });
  };

  function closeRoot(): void {
    watching?.close();
    watching = undefined;
    found = undefined;
    tree = undefined;
  }

  return {
    id: folder.id,
    path: folder.path,
    also: () => also,
    setAlso(next) {
      also = next;
      lookThroughAgain();
    },
    tree: () => tree,
    state: () => ({ ...current, leftOut: leftOut.view() }),
    lookAgain: hint,
    dutyChanged: () => wake.abort('the duty'),
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      closeRoot();
      await running;
    },
  };
}

const LIMITED =
  'The system gives no more watches (on Linux raise fs.inotify.max_user_watches): changes are looked for from time to time instead.';
