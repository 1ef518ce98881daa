import type { DocumentIndex } from '@kith/documents';
import { createDuty, type Duty, type PeerStore, type ReplicaRegistry } from '@kith/membership';
import { type Clock, every, type Log } from '@kith/service';
import { FOLDERS_MS } from '../config.ts';
import type { Shares } from '../folders/shares.ts';

export interface FolderDutyOptions {
  /** Of this replica. */
  readonly id: string;
  readonly registry: ReplicaRegistry | undefined;
  readonly peers: PeerStore;
  readonly shares: Shares;
  readonly index: DocumentIndex;
  readonly tidying: { run(signal: AbortSignal): Promise<void> };
  readonly clock: Clock;
  readonly log: Log;
}

/** Looking through, watching and indexing of shared folders: done by one replica at a time, known to all. */
export interface FolderDuty extends Duty {
  /** The list of shared folders was changed here. */
  tellNewList(): void;
  /** Some service has seen this version of the index. */
  noteVersion(version: number): void;
}

export function createFolderDuty(options: FolderDutyOptions): FolderDuty {
  const { id, registry, peers, shares, index, tidying, clock, log } = options;
  const stopping = new AbortController();
  let syncing: Promise<unknown> | undefined;
  let unfollow = () => {};
  /** Ends the present work, so that it is begun again. */
  let again = new AbortController();
  let newest = 0;
  const duty = createDuty({
    ...{ registry, name: 'folders', holder: id, clock },
    // Two that index one folder could take a document off the list that the other has just put there.
    whileAway: 'stop',
    work: async (signal) => {
      again = new AbortController();
      newest = 0;
      const ending = AbortSignal.any([signal, again.signal]);
      await Promise.all([shares.lead(ending), tidying.run(ending)]);
    },
    onError: (error) => log.warn({ err: error }, 'the work on shared folders broke off'),
    onChange: (isHeld) => {
      if (registry) log.info({ replica: id }, isHeld ? 'works on the shared folders' : 'leaves the shared folders');
    },
  });
  const onError = (error: unknown) => log.debug({ err: error }, 'the list of shared folders could not be read');
  const sync = () => shares.sync().catch(onError);

  /** An index that was made anew while this runs counts its changes from the beginning. */
  async function noticeLoss(): Promise<void> {
    if (!duty.isHeld()) return;
    const before = newest;
    const { version } = await index.statistics();
    if (version >= before) return noteVersion(version);
    log.warn({ version, before }, 'the index was made anew: everything is indexed again');
    newest = version;
    again.abort();
  }
  const noteVersion = (version: number) => {
    newest = Math.max(newest, version);
  };

  async function followOthers(): Promise<void> {
    const { signal } = stopping;
    const stop = await peers
      .followEvents(({ type }) => {
        if (type === 'documents-changed') void sync();
      })
      .catch(() => () => {});
    if (signal.aborted) return stop();
    unfollow = stop;
    await clock.sleep(FOLDERS_MS, signal).catch(() => {});
    const look = async () => {
      await sync();
      await noticeLoss();
    };
    await every(look, { intervalMs: FOLDERS_MS, clock, signal, onError });
  }

  return {
    isHeld: duty.isHeld,
    start() {
      duty.start();
      if (registry) syncing = followOthers();
    },
    async stop() {
      stopping.abort();
      unfollow();
      await Promise.all([duty.stop(), syncing]);
    },
    noteVersion,
    tellNewList() {
      if (registry === undefined) return;
      const event = { type: 'documents-changed', message: 'The list of shared folders has changed.' } as const;
      peers.addEvents([event]).catch(() => {});
    },
  };
}
