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

  /** What the owner wants of a peer, and is not written; a later decision takes its place. */
  const wanted = new Map<NodeId, { readonly rule: PeerRule; readonly takes: boolean }>();
  type Wanted = NonNullable<ReturnType<typeof wanted.get>>;

  /** One after the other for each peer; a decision that another one has replaced meanwhile is not written. */
  function write(id: NodeId, decision: Wanted): Promise<void> {
    const isWanted = () => wanted.get(id) === decision;
    const work = async () => {
      if (!isWanted()) return;
      const peer = await peers.changePeer(id, decision.rule);
      if (isWanted()) {
        wanted.delete(id);
        known.release(id);
      }
      known.put(id, peer);
    };
    const done = (writing.get(id) ?? Promise.resolve()).then(work, work);
    const entry = done.catch(() => {}).finally(() => writing.get(id) === entry && writing.delete(id));
    writing.set(id, entry);
    return done;
  }

  async function takeBack(id: NodeId, rule: PeerRule): Promise<void> {
    const decision = { rule, takes: true };
    wanted.set(id, decision);
    known.hold(id, rule);
    try {
      await write(id, decision);
    } catch (error) {
      if (!CANNOT_WRITE.has(codeOf(error) ?? '')) {
        if (wanted.get(id) === decision) {
          wanted.delete(id);
          known.release(id);
        }
        throw error;
      }
      log.warn({ err: error, peer: id }, 'a decision of the owner is in force, but cannot be written yet');
      const begin = () => retry(id).finally(() => retrying.delete(id));
      if (!retrying.has(id)) retrying.set(id, begin());
    }
  }

  /** Where it cannot be written, what was wanted before stands again. */
  async function give(id: NodeId, rule: PeerRule): Promise<void> {
    const before = wanted.get(id);
    const decision = { rule, takes: false };
    wanted.set(id, decision);
    try {
      await write(id, decision);
    } catch (error) {
      if (wanted.get(id) === decision) {
        if (before) wanted.set(id, before);
        else wanted.delete(id);
      }
      throw error;
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
    const decision = wanted.get(id);
    if (!decision?.takes) return;
    await write(id, decision).then(
      () => log.info({ peer: id }, 'the decision of the owner is written now'),
      (error: unknown) => log.debug({ err: error, peer: id }, 'the decision of the owner cannot be written yet'),
    );
  }

  return {
    setTrust(id: NodeId, level: Trust): Promise<void> {
      const rule: PeerRule = (current) => trust(current, level, 'owner', clock.now());
      return level === 'trusted' ? give(id, rule) : takeBack(id, rule);
    },
    forget: (id: NodeId) =>
      takeBack(id, (current) => (current ? forget(current, clock.now()) : { peer: undefined, events: [] })),
    /** A last try to write what is not written; what still cannot be is lost with this process, and the log says so. */
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all(retrying.values());
      for (const id of [...wanted.keys()]) {
        await tryAgain(id);
        if (known.isHeld(id)) log.error({ peer: id }, 'a decision of the owner could not be written and is lost');
      }
    },
  };
}
export type OwnerDecisions = ReturnType<typeof createOwnerDecisions>;
