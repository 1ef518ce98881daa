import type { PeerView } from '@kith/wire';

export interface PeerGroups {
  /** They wait for a decision of this node's owner. */
  readonly pending: PeerView[];
  readonly trusted: PeerView[];
  readonly blocked: PeerView[];
}

const ORDER = { alive: 0, suspect: 1, left: 2, dead: 3 } as const;

/** Peers by trust; in each group those that are here first, then by name, then by id: the list never jumps. */
export function groupPeers(peers: readonly PeerView[]): PeerGroups {
  const ordered = peers.toSorted(
    (a, b) =>
      ORDER[a.state] - ORDER[b.state] || compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.id, b.id),
  );
  const of = (trust: PeerView['trust']) => ordered.filter((peer) => peer.trust === trust);
  return { pending: of('pending'), trusted: of('trusted'), blocked: of('blocked') };
}

/** Whether its owner and this node's have something to compare, or are at it. */
export function isToCompare({ trust, pairing }: Pick<PeerView, 'trust' | 'pairing'>): boolean {
  if (trust === 'pending') return true;
  return trust === 'trusted' && pairing !== undefined && pairing !== 'trusted';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
