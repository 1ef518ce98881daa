import type { PeerView } from '@kith/wire';

/** How many nodes and documents a search reaches now: this node and every trusted peer that is here. */
export function searchable(peers: readonly Pick<PeerView, 'trust' | 'state' | 'documents'>[], own: number) {
  const reached = peers.filter(({ trust, state }) => trust === 'trusted' && (state === 'alive' || state === 'suspect'));
  return { nodes: reached.length + 1, total: reached.reduce((sum, { documents }) => sum + (documents ?? 0), own) };
}
