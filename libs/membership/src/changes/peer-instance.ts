import type { Peer } from '../peer/peer.ts';

/** What a verified reply says of the instance that gave it. */
export interface InstanceSighting {
  readonly instance: string;
  readonly incarnation: number;
  readonly address: string;
  readonly pingbackPort: number;
  /** When the probe was sent: the instance ran at this moment or later. */
  readonly askedAt: number;
}

/**
 * - `same`: the instance that we know.
 * - `newer`: it takes the place of the one that we know: a restart, here or at another address.
 * - `late`: an answer given before the instance that we know was first seen; it says nothing now.
 * - `rival`: neither provably newer nor provably a clone yet: the instance that we know may be gone without a word.
 * - `clone`: both instances run at the same time.
 */
export type InstanceVerdict = 'same' | 'newer' | 'late' | 'rival' | 'clone';

/** A probe is over after a second or so: what seems later than this is a wall clock that was set back. */
const LATE_MAX_MS = 10_000;

/**
 * Tells a restart from a clone. An instance number is random at each start, so one never comes back: of the instances of
 * one data directory each ended before the next began. Two instances are therefore clones exactly when one is seen, then
 * the other, then the first again (each answer to a fresh nonce, asked after the other was seen). Neither a restart nor a
 * move can look like that, with whatever incarnations; a data directory restored from a backup, whose count went back,
 * does not either: its predecessor never answers again, and it is believed once that one is dead or its place is taken.
 */
export function judgeInstance(current: Peer, seen: InstanceSighting): InstanceVerdict {
  if (seen.instance === current.instance) return 'same';
  const since = current.instanceSince ?? current.firstSeenAt;
  const isNewer = seen.incarnation > current.incarnation;
  const isOther = seen.instance === current.other?.instance;
  if ((!isNewer || isOther) && seen.askedAt <= since && since - seen.askedAt <= LATE_MAX_MS) return 'late';
  if (current.state === 'dead' || current.state === 'left') return 'newer';
  if (seen.instance === current.clone?.instance) return 'clone';
  if (isOther && current.other?.replaced) return 'clone';
  if (isNewer) return 'newer';
  // Only one process listens at one address and port: whoever answers there now has replaced the one before.
  const place = current.addresses.find((one) => isAt(one, seen));
  return place && seen.askedAt > place.lastSuccessAt ? 'newer' : 'rival';
}

/** Whether the known instance, answering a probe sent at `askedAt`, outlived the sighting of a rival. */
export function rivalIsClone(current: Peer, askedAt: number): boolean {
  return current.other !== undefined && !current.other.replaced && askedAt > current.other.seenAt;
}

export function isAt(
  one: { readonly address: string; readonly pingbackPort: number },
  other: { readonly address: string; readonly pingbackPort: number },
): boolean {
  return one.address === other.address && one.pingbackPort === other.pingbackPort;
}
