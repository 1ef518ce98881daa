import { MAX_ADDRESSES, type Peer, type PeerAddress } from '../peer/peer.ts';
import type { PeerChange } from '../store/peer-store.ts';
import { isAt } from './peer-instance.ts';

/** While the address that answered last did so within this time, another one is one more and not a move. */
const ADDRESS_FRESH_MS = 15_000;

/** Probes of an instance that was replaced go on for this long: if it still answers, there are two. */
export const OTHER_WATCH_MS = 60_000;

/** The verified address in front. The order is that of arrival, not of wall times, which may step back. */
export function withAddress(addresses: readonly PeerAddress[], verified: PeerAddress): PeerAddress[] {
  return [verified, ...addresses.filter((one) => !isAt(one, verified))].slice(0, MAX_ADDRESSES);
}

/** How a verified address stands to those known: nothing new, one more (`also`), or the peer has `moved` there. */
export function addressNews(current: Peer, verified: PeerAddress): 'none' | 'also' | 'moved' {
  const last = current.addresses[0];
  if (last === undefined || isAt(last, verified)) return 'none';
  const isLastFresh =
    current.state === 'alive' && current.missed === 0 && verified.lastSuccessAt - last.lastSuccessAt < ADDRESS_FRESH_MS;
  if (!isLastFresh) return 'moved';
  return current.addresses.some((one) => isAt(one, verified)) ? 'none' : 'also';
}

/** Somebody else, or nobody of ours, was verified at this address: the peer is not there any more. */
export function notThere(current: Peer | undefined, place: { address: string; pingbackPort: number }): PeerChange {
  if (current === undefined) return { peer: undefined, events: [] };
  const addresses = current.addresses.filter((one) => !isAt(one, place));
  return { peer: addresses.length === current.addresses.length ? current : { ...current, addresses }, events: [] };
}

/**
 * Where to probe a peer, best first: its own addresses, and those of a second instance, which only probes of both tell
 * apart from a restart. Probing the latter is never a reason to call `missed`: only `addresses` count for that.
 */
export function placesToProbe(
  peer: Peer,
  nowMs: number,
): { own: readonly PeerAddress[]; other: { address: string; pingbackPort: number }[] } {
  const own = peer.addresses;
  const other: { address: string; pingbackPort: number }[] = [];
  const add = (place: { address: string; pingbackPort?: number | undefined }) => {
    const one = { address: place.address, pingbackPort: place.pingbackPort ?? own[0]?.pingbackPort ?? 0 };
    const isKnown = own.slice(0, 1).some((known) => isAt(known, one)) || other.some((known) => isAt(known, one));
    if (one.pingbackPort > 0 && !isKnown) other.push(one);
  };
  if (peer.clone) add(peer.clone);
  const watched = peer.other && (!peer.other.replaced || nowMs - (peer.instanceSince ?? 0) < OTHER_WATCH_MS);
  if (peer.other && watched) add(peer.other);
  return { own, other };
}
