import type { Peer } from '@kith/membership';

/** Where a connection to a peer is tried, newest success first; a peer that has moved often is not looked for everywhere. */
export function addressesOf(peer: Peer | undefined): string[] {
  return [...(peer?.addresses ?? [])]
    .sort((one, other) => other.lastSuccessAt - one.lastSuccessAt)
    .slice(0, 4)
    .map(({ address }) => address);
}
