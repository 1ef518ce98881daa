import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileCatalogue } from '@kith/documents';
import type { Clock, Log } from '@kith/service';
import type { Share } from '@kith/wire';
import { compareWalk, isSame } from './compare-walk.ts';
import { AWAY_MS, GATHER_MS, GATHER_NAMES, GONE_MS, SETTLE_MS, UNWATCHED_MS } from './config.ts';
import type { FileQueue } from './file-queue.ts';
import { createFolderWatch, type FolderWatch } from './folder-watch.ts';
import { isIgnored } from './ignored-names.ts';
import { failed } from './indexing.ts';
import { filesOf, type Ledger } from './ledger.ts';
import { AwayError, type RootState, requireFolder } from './share-root.ts';
import { type Found, isWithin, lookAt, walk } from './walk.ts';

export interface ShareFolderOptions {
  readonly folder: { readonly id: string; readonly path: string };
  readonly files: FileCatalogue;
  readonly queue: FileQueue;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly rescanMs: number;
  /** Real path of the node's own data, which is never shared. */
  readonly except: string;
  readonly onChange: () => void;
  /** Set while this replica has the duty of looking through folders; aborts when it loses it. */
  readonly duty: () => AbortSignal | undefined;
}

/** One folder that is shared in place: looked through and then watched by the replica whose duty it is, served by all. */
export interface ShareFolder {
  readonly id: string;
  readonly path: string;
  /** Real path while the folder is there. */
  root(): string | undefined;
  state(): Pick<Share, 'state' | 'problem'>;
  /** Looks at one file again, now. */
  lookAgain(path: string): void;
  /** To be called when the duty is taken on or lost. */
  dutyChanged(): void;
  start(): void;
  stop(): Promise<void>;
}

export function createShareFolder(options: ShareFolderOptions): ShareFolder {
  const { folder, files, queue, ledger, clock, log, rescanMs, except, onChange, duty } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const hints = new Set<string>();
  let root: RootState | undefined;
  let watching: FolderWatch | undefined;
  let current: Pick<Share, 'state' | 'problem'> = { state: 'scanning' };
  let running: Promise<void> | undefined;
  let wake = new AbortController();
  let nextWalkAt = 0;

  const say = (next: Pick<Share, 'state' | 'problem'>) => {
    if (next.state === current.state && next.problem === current.problem) return;
    current = next;
    onChange();
  };
  const hint = (path: string) => {
    hints.add(hints.size < GATHER_NAMES ? path : '');
    wake.abort('a hint');
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
        if (mine) await followHints(mine);
      } catch (error) {
        if (signal.aborted) return;
        if (mine?.aborted) continue;
        const problem = error instanceof AwayError ? error.message : 'The folder cannot be read: see the log.';
        if (!(error instanceof AwayError)) log.warn({ err: error, folder: folder.path }, 'a shared folder failed');
        closeRoot();
        nextWalkAt = 0;
        say({ state: 'unreadable', problem });
      }
      await rest(Math.min(AWAY_MS, Math.max(0, nextWalkAt - clock.monotonic()) || AWAY_MS));
    }
  }

  /** Notices that the folder is another one than before: a drive that was taken out, or put in. */
  async function checkRoot(isMine: boolean): Promise<void> {
    const found = await requireFolder(folder.path, { before: root, hasFiles: () => hasFiles() });
    if (
      root?.real === found.real &&
      root.dev === found.dev &&
      root.ino === found.ino &&
      isMine === (watching !== undefined)
    )
      return;
    closeRoot();
    root = found;
    if (!isMine) return;
    say({ state: 'scanning' });
    watching = createFolderWatch({
      root: found.real,
      onHint: hint,
      onLimit: () => log.warn({ folder: folder.path }, LIMITED),
    });
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

  async function followHints(mine: AbortSignal): Promise<void> {
    const some = [...hints];
    hints.clear();
    for (const path of some) {
      if (signal.aborted || mine.aborted) return;
      await follow(path, mine);
    }
  }

  async function follow(path: string, mine: AbortSignal): Promise<void> {
    const real = root?.real;
    if (real === undefined || isLeftOut(path) || isWithin(join(real, path), except)) return;
    if (path === '' || path.endsWith('/')) return lookThrough(path, mine);
    const stats = await lstat(join(real, path)).catch(() => undefined);
    if (stats?.isDirectory()) return lookThrough(`${path}/`, mine);
    watching?.remove(`${path}/`);
    const found = stats?.isFile() ? await lookAt(real, path) : undefined;
    const known = await files.getFile(folder.id, path);
    if (found) {
      if (known === undefined || !isSame(known, found)) await changed(found);
    } else if (known) await gone(path);
    else for await (const file of filesOf(files, folder.id, `${path}/`)) await gone(file.path);
  }

  async function lookThrough(from: string, mine: AbortSignal): Promise<void> {
    if (root === undefined) return;
    const ending = AbortSignal.any([signal, mine]);
    const found = walk({ root: root.real, from, except, signal: ending, onFolder: (path) => watching?.add(path) });
    for await (const one of compareWalk(found, filesOf(files, folder.id, from))) {
      ending.throwIfAborted();
      if (one.kind === 'gone') await gone(one.path);
      else await changed(one.found);
    }
  }

  async function changed(found: Found): Promise<void> {
    const { path } = found;
    if (found.kind === 'problem') {
      const named = { source: folder.id, path, addedAt: clock.now() };
      return ledger.record([failed(named, { size: 0, modifiedMs: 0, message: found.message })]);
    }
    const restedMs = clock.now() - found.modifiedMs;
    const waitMs = restedMs >= 0 && restedMs < SETTLE_MS ? SETTLE_MS - restedMs : 0;
    await offer({ path, kind: 'read', size: found.size, waitMs });
  }

  const gone = (path: string) => offer({ path, kind: 'gone', size: 0, waitMs: GONE_MS });
  const offer = (file: { path: string; kind: 'read' | 'gone'; size: number; waitMs: number }) => {
    const { path, kind, size, waitMs } = file;
    return queue.offer({ source: folder.id, path, kind, size, tries: 0, dueMs: clock.monotonic() + waitMs });
  };

  function closeRoot(): void {
    watching?.close();
    watching = undefined;
    root = undefined;
  }

  return {
    id: folder.id,
    path: folder.path,
    root: () => root?.real,
    state: () => current,
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

/** Whether any part of the path has a name that is not shared. */
function isLeftOut(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return (name !== '' && isIgnored(name, 'file')) || parts.some((part) => isIgnored(part, 'folder'));
}
