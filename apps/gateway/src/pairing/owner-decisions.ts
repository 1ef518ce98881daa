import { forget, type PeerStore, type Trust, trust } from '@kith/membership';
import { type Clock, codeOf, type Log } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { KnownPeers, PeerRule } from '../known-peers.ts';

export interface OwnerDecisionsOptions {
  readonly peers: PeerStore;
  readonly known: KnownPeers;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a store says that cannot write just now; anything else is a fault of what was asked. */
const CANNOT_WRITE = new Set(['store_away', 'disk_full']);
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

/**
 * What the owner decides about peers. Taking something away is in force at once, in memory, and is written as soon as the
 * store takes it: a full disk or a store that is away must not keep a peer in. Giving trust needs the store.
 */
export function createOwnerDecisions({ peers, known, clock, log }: OwnerDecisionsOptions) {
  const stopping = new AbortController();
  const writing = new Map<NodeId, Promise<unknown>>();
  const retrying = new Map<NodeId, Promise<void>>();

  /** One after the other for each peer, so that the decision that came last is the one that stays. */
  function write(id: NodeId, rule: PeerRule, isWanted = () => true): Promise<void> {
    const work = async () => {
      if (!isWanted()) return;
      const peer = await peers.changePeer(id, rule);
      if (!isWanted()) return;
      known.release(id);
      known.put(id, peer);
    };
    const done = (writing.get(id) ?? Promise.resolve()).then(work, work);
    const entry = done.catch(() => {}).finally(() => writing.get(id) === entry && writing.delete(id));
    writing.set(id, entry);
    return done;
  }

  const decisions = new Map<NodeId, PeerRule>();
  /** Whether this is still what the owner wants, and not written. */
  const isOpen = (id: NodeId, rule: PeerRule) => decisions.get(id) === rule && known.isHeld(id);

  async function takeBack(id: NodeId, rule: PeerRule): Promise<void> {
    decisions.set(id, rule);
    known.hold(id, rule);
    try {
      await write(id, rule, () => isOpen(id, rule));
    } catch (error) {
      if (!CANNOT_WRITE.has(codeOf(error) ?? '')) {
        known.release(id);
        throw error;
      }
      log.warn({ err: error, peer: id }, 'a decision of the owner is in force, but cannot be written yet');
      if (!retrying.has(id))
        retrying.set(
          id,
          retry(id).finally(() => retrying.delete(id)),
        );
    }
  }

  async function retry(id: NodeId): Promise<void> {
    const { signal } = stopping;
    for (let pause = FIRST_RETRY_MS; known.isHeld(id); pause = Math.min(pause * 2, LAST_RETRY_MS)) {
      await clock.sleep(pause, signal).catch(() => {});
      if (signal.aborted) return;
      await tryAgain(id);
    }
  }

  async function tryAgain(id: NodeId): Promise<void> {
    const rule = decisions.get(id);
    if (!rule || !known.isHeld(id)) return;
    await write(id, rule, () => isOpen(id, rule)).then(
      () => log.info({ peer: id }, 'the decision of the owner is written now'),
      (error: unknown) => log.debug({ err: error, peer: id }, 'the decision of the owner cannot be written yet'),
    );
  }

  return {
    async setTrust(id: NodeId, level: Trust): Promise<void> {
      const rule: PeerRule = (current) => trust(current, level, 'owner', clock.now());
      if (level !== 'trusted') return takeBack(id, rule);
      const before = decisions.get(id);
      await write(id, rule);
      if (decisions.get(id) === before) decisions.delete(id);
    },
    forget: (id: NodeId) =>
      takeBack(id, (current) => (current ? forget(current, clock.now()) : { peer: undefined, events: [] })),
    /** A last try to write what is not written; what still cannot be is lost with this process, and the log says so. */
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all(retrying.values());
      for (const id of decisions.keys()) {
        await tryAgain(id);
        if (known.isHeld(id)) log.error({ peer: id }, 'a decision of the owner could not be written and is lost');
      }
    },
  };
}
export type OwnerDecisions = ReturnType<typeof createOwnerDecisions>;
