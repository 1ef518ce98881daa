import { type Peer, type PeerChange, type PeerStore, resolvePeer } from '@kith/membership';
import { type Clock, codeOf, eventually, every, type Log } from '@kith/service';
import type { NodeId } from '@kith/wire';

export interface KnownPeersOptions {
  readonly peers: PeerStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with each peer as it newly is (undefined where it was forgotten) and as it was before. */
  readonly onChange: (id: NodeId, peer: Peer | undefined, before: Peer | undefined) => void;
}
export type PeerRule = (current: Peer | undefined) => PeerChange;

/** Events tell of every change that matters here; this is for those that get lost while the store is away. */
const RELOAD_MS = 10_000;
/** How often a store is tried that was away at the start: nobody is known until then. */
const BEGIN_MS = 1_000;

/**
 * The peers as the store last told them, in memory: every request needs the trust of its peer at once, also while the
 * store is away.
 */
export function createKnownPeers({ peers, clock, log, onChange }: KnownPeersOptions) {
  const known = new Map<NodeId, Peer>();
  let resolved = new Map<string, NodeId>();
  /** What the owner decided and the store has not taken yet: it stands before whatever the store says. */
  const unwritten = new Map<NodeId, PeerRule>();
  /** Counts changes, so that what was read before one of them is not taken for newer. */
  let changes = 0;
  const changedAt = new Map<NodeId, number>();
  const stopping = new AbortController();
  let unfollow: (() => void) | undefined;

  async function reload(): Promise<void> {
    const from = changes;
    const read = new Map((await peers.listPeers()).map((peer) => [peer.id, peer]));
    for (const id of new Set([...read.keys(), ...known.keys()])) {
      if ((changedAt.get(id) ?? 0) > from) continue;
      const peer = decided(id, read.get(id));
      if (peer === undefined ? known.has(id) : isChanged(known.get(id), peer)) put(id, peer);
      else if (peer) known.set(id, peer);
    }
    for (const id of changedAt.keys()) if (!known.has(id) && !unwritten.has(id)) changedAt.delete(id);
    resolved = new Map();
  }

  function put(id: NodeId, written: Peer | undefined): void {
    const before = known.get(id);
    const peer = decided(id, written);
    if (peer) known.set(id, peer);
    else known.delete(id);
    resolved = new Map();
    changes += 1;
    changedAt.set(id, changes);
    onChange(id, peer, before);
  }

  function decided(id: NodeId, peer: Peer | undefined): Peer | undefined {
    const rule = unwritten.get(id);
    return rule && peer ? rule(peer).peer : peer;
  }

  async function refresh(id: NodeId): Promise<void> {
    const from = changes;
    const peer = await peers.getPeer(id);
    if ((changedAt.get(id) ?? 0) <= from) put(id, peer);
    else await refresh(id);
  }

  const failed = (error: unknown) =>
    log.warn({ err: error }, 'the peer store does not answer: going on with what is known');

  async function begin(): Promise<void> {
    unfollow ??= await peers.followEvents((event) => {
      if (event.peer !== undefined) refresh(event.peer).catch(failed);
    });
    await reload();
  }

  async function keepUp(hasBegun: boolean): Promise<void> {
    const { signal } = stopping;
    if (!hasBegun && !(await eventually(begin, { intervalMs: BEGIN_MS, clock, signal }))) return;
    await clock.sleep(RELOAD_MS, signal);
    await every(reload, { intervalMs: RELOAD_MS, clock, signal, onError: failed });
  }

  return {
    /** A store that is away is tried again until it is there: the owner's own documents need none. */
    async start(): Promise<void> {
      const hasBegun = await begin().then(
        () => true,
        (error: unknown) => {
          if (codeOf(error) !== 'store_away') throw error;
          failed(error);
          return false;
        },
      );
      keepUp(hasBegun).catch(() => {});
    },
    stop(): void {
      stopping.abort();
      unfollow?.();
    },
    get: (id: NodeId) => known.get(id),
    all: () => [...known.values()],
    /** A peer by id, label or name; throws `peer_not_found` or `peer_name_ambiguous`. */
    resolve(text: string): Peer {
      const id = resolved.get(text);
      const before = id === undefined ? undefined : known.get(id);
      if (before) return before;
      const peer = resolvePeer(text, [...known.values()]);
      resolved.set(text, peer.id);
      return peer;
    },
    /** Takes over a change that this service itself has just written, before its event comes back. */
    put,
    /** Puts a decision in force at once, whatever the store says, until it is released. */
    hold(id: NodeId, rule: PeerRule): void {
      unwritten.set(id, rule);
      put(id, known.get(id));
    },
    release: (id: NodeId) => void unwritten.delete(id),
    isHeld: (id: NodeId) => unwritten.has(id),
    /** Peers as the store lists them, with the decisions that it has not taken yet. */
    withDecisions: (listed: readonly Peer[]) =>
      listed.map((peer) => decided(peer.id, peer)).filter((peer) => peer !== undefined),
  };
}
export type KnownPeers = ReturnType<typeof createKnownPeers>;

function isChanged(before: Peer | undefined, now: Peer): boolean {
  if (before === undefined) return true;
  return before.trust !== now.trust || before.state !== now.state || before.instance !== now.instance;
}
