import type { Peer } from '../peer/peer.ts';
import { showPeer } from '../peer/peer-label.ts';
import type { PeerChange } from '../store/peer-store.ts';
import { DEAD_AT, MISS_POINTS, OWN_DELAY_MAX_MS, SUSPECT_AT } from './probe-times.ts';

export interface Miss {
  /** `refused` only where every address refused; one time-out among them makes it a `timeout`. */
  readonly kind: keyof typeof MISS_POINTS;
  /** When the round began: a miss of a round that began before the last success says nothing. */
  readonly askedAt?: number;
  /** How late the prober's own event loop was in this round. */
  readonly ownDelayMs?: number;
}

/** No address of the peer answered in one probe round (numbers and formula: probe-times.ts). */
export function missed(
  current: Peer | undefined,
  nowMs: number,
  { kind, askedAt = nowMs, ownDelayMs = 0 }: Miss,
): PeerChange {
  if (current === undefined) return { peer: undefined, events: [] };
  const isAway = current.state === 'dead' || current.state === 'left';
  const isOutdated = askedAt < current.lastSeenAt && current.lastSeenAt <= nowMs;
  if (isAway || isOutdated || ownDelayMs > OWN_DELAY_MAX_MS) return { peer: current, events: [] };
  const points = current.missed + MISS_POINTS[kind];
  const state = points >= DEAD_AT ? 'dead' : points >= SUSPECT_AT ? 'suspect' : current.state;
  if (state === current.state) return { peer: { ...current, missed: points }, events: [] };
  const peer: Peer = { ...current, state, missed: points, stateChangedAt: nowMs };
  const why = kind === 'refused' ? 'nothing listens there' : 'no answer';
  const where = current.addresses[0]?.address;
  const sentence = state === 'dead' ? `is away: ${why}` : `may be away: ${why}`;
  return {
    peer,
    events: [
      {
        type: state === 'dead' ? 'peer-dead' : 'peer-suspect',
        message: `${showPeer(peer)} ${sentence}.`,
        peer: peer.id,
        ...(where === undefined ? {} : { address: where }),
        data: { silentMs: Math.max(0, Math.round(nowMs - current.lastSeenAt)) },
      },
    ],
  };
}
