import { type Peer, type PeerStore, resolvePeer } from '@kith/membership';
import { type Clock, codeOf, eventually, every, type Log } from '@kith/service';
import type { NodeId } from '@kith/wire';

export interface KnownPeersOptions {
  readonly peers: PeerStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with each peer as it newly is, or with its id alone where it was forgotten. */
  readonly onChange: (id: NodeId, peer: Peer | undefined) => void;
}

/** Events tell of every change that matters here; this is for those that get lost while the store is away. */
const RELOAD_MS = 10_000;
/** How often a store is tried that was away at the start: nobody is known until then. */
const BEGIN_MS = 1_000;

/**
 * The peers as the store last told them, in memory: every request needs the trust of its peer at once, also while the
 * store is away.
 */
export function createKnownPeers({ peers, clock, log, onChange }: KnownPeersOptions) {
  let known = new Map<NodeId, Peer>();
  let resolved = new Map<string, NodeId>();
  const stopping = new AbortController();
  let unfollow: (() => void) | undefined;

  async function reload(): Promise<void> {
    const all = await peers.listPeers();
    const before = known;
    known = new Map(all.map((peer) => [peer.id, peer]));
    resolved = new Map();
    for (const peer of all) if (isChanged(before.get(peer.id), peer)) onChange(peer.id, peer);
    for (const id of before.keys()) if (!known.has(id)) onChange(id, undefined);
  }

  function put(id: NodeId, peer: Peer | undefined): void {
    if (peer) known.set(id, peer);
    else known.delete(id);
    resolved = new Map();
    onChange(id, peer);
  }

  async function refresh(id: NodeId): Promise<void> {
    put(id, await peers.getPeer(id));
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
  };
}
export type KnownPeers = ReturnType<typeof createKnownPeers>;

function isChanged(before: Peer | undefined, now: Peer): boolean {
  if (before === undefined) return true;
  return before.trust !== now.trust || before.state !== now.state || before.instance !== now.instance;
}
