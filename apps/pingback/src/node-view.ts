import type { NodeStatus, Peer, PeerStore } from '@kith/membership';
import { plainAddress } from '@kith/net';
import { type Clock, codeOf, every, type Log } from '@kith/service';
import type { Standing } from './places/places.ts';

/** What an answer needs to know of this node; kept at hand, so that no pingback ever waits for the store. */
export interface NodeView {
  /** Of whoever asks from this address, as far as the store says. */
  standingOf(address: string): Standing;
  /** Whether the scanner watches a peer at this address anyway. */
  isAlivePeerAt(address: string): boolean;
  close(): Promise<void>;
}

export interface NodeViewOptions {
  /** Written at the start, and again where a store has lost it. */
  self: NonNullable<NodeStatus['self']>;
  peers: PeerStore;
  clock: Clock;
  log: Log;
}

/** A change that the store does not tell of is seen after this time, in milliseconds. */
const REFRESH_MS = 1000;

/** Follows the store. One that is away, at the start or later, leaves the last known view and is told of `self` once it is back. */
export async function openNodeView({ self, peers, clock, log }: NodeViewOptions): Promise<NodeView> {
  let alive: ReadonlySet<string> = new Set();
  let standings: ReadonlyMap<string, Standing> = new Map();
  let isAway = false;
  // What stands there before may be of an earlier run, and would look like a copy of this node.
  let isTold = false;
  const refresh = async () => {
    const [status, all] = await Promise.all([peers.readStatus(), peers.listPeers()]);
    if (!isTold || status.self === undefined) await peers.writeStatus({ self });
    isTold = true;
    alive = aliveAddresses(all);
    standings = standingsOf(all);
    if (isAway) log.info('the peer store is back');
    isAway = false;
  };
  const onError = (error: unknown) => {
    if (!isAway) log.warn({ err: error }, 'the peer store is away: pingbacks tell what was last known');
    isAway = true;
  };
  await refresh().catch((error: unknown) => {
    if (codeOf(error) !== 'store_away') throw error;
    onError(error);
  });
  const stopping = new AbortController();
  const loop = every(refresh, { intervalMs: REFRESH_MS, clock, signal: stopping.signal, onError });
  return {
    standingOf: (address) => standings.get(address) ?? 'stranger',
    isAlivePeerAt: (address) => alive.has(address),
    close: async () => {
      stopping.abort(new Error('stopped'));
      await loop;
    },
  };
}

/** A trusted peer keeps its places at every address that it had lately, also while it is away. */
function standingsOf(all: readonly Peer[]): Map<string, Standing> {
  const standings = new Map<string, Standing>();
  for (const { trust, state, addresses } of all) {
    const isKnown = trust === 'pending' && state === 'alive';
    if (trust !== 'trusted' && !isKnown) continue;
    for (const { address } of addresses) {
      const plain = plainAddress(address) ?? address;
      if (standings.get(plain) !== 'trusted') standings.set(plain, trust === 'trusted' ? 'trusted' : 'known');
    }
  }
  return standings;
}

/** Where alive peers answered last. At an older address of theirs there may be somebody else by now. */
function aliveAddresses(all: readonly Peer[]): Set<string> {
  return new Set(
    all.flatMap((peer) => (peer.state === 'alive' ? peer.addresses.slice(0, 1).map((one) => one.address) : [])),
  );
}
