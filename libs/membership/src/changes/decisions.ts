import { PeerNotFoundError } from '../errors.ts';
import type { NewEvent } from '../peer/event.ts';
import type { Peer, Trust } from '../peer/peer.ts';
import { showPeer } from '../peer/peer-label.ts';
import type { PeerChange } from '../store/peer-store.ts';

/** The peer itself said that it stops. */
export function left(current: Peer | undefined, nowMs: number): PeerChange {
  if (current === undefined || current.state === 'left') return { peer: current, events: [] };
  const peer: Peer = { ...current, state: 'left', stateChangedAt: nowMs, missed: 0 };
  return { peer, events: [event(peer, 'peer-left', `${showPeer(peer)} has left.`)] };
}

const TRUST_SENTENCES = {
  trusted: 'is trusted now: it may search and fetch what this node shares',
  pending: 'is not trusted any more: it gets nothing until it is approved again',
  blocked: 'is blocked: it gets nothing from this node',
} as const;

/**
 * Sets what a peer may do. A pairing code never lifts a block and never takes the place of the owner's own decision.
 * Throws `peer_not_found`.
 */
export function trust(current: Peer | undefined, level: Trust, by: 'owner' | 'code', _nowMs: number): PeerChange {
  const known = required(current);
  if (by === 'code' && (known.trust !== 'pending' || known.trustedBy === 'owner')) return { peer: known, events: [] };
  const trustedBy = level === 'blocked' ? undefined : by;
  if (known.trust === level && known.trustedBy === trustedBy) return { peer: known, events: [] };
  const { trustedBy: _before, documents, ...rest } = known;
  // What it told while it was trusted says nothing of what it tells when it is trusted again.
  const told = level === 'trusted' && documents ? { documents } : {};
  const peer: Peer = { ...rest, ...told, trust: level, ...(trustedBy ? { trustedBy } : {}) };
  if (known.trust === level) return { peer, events: [] };
  const how = by === 'code' ? ' (same pairing code)' : '';
  const data = { before: known.trust, by };
  return { peer, events: [event(peer, `peer-${level}`, `${showPeer(peer)} ${TRUST_SENTENCES[level]}${how}.`, data)] };
}

/** Deletes a peer with all that was decided about it; if it is still there, it is found again as a stranger. */
export function forget(current: Peer | undefined, _nowMs: number): PeerChange {
  const known = required(current);
  return { peer: undefined, events: [event(known, 'peer-forgotten', `${showPeer(known)} was forgotten.`)] };
}

function required(current: Peer | undefined): Peer {
  if (current === undefined)
    throw new PeerNotFoundError('There is no such peer here any more: look at the list of peers.');
  return current;
}

function event(peer: Peer, type: NewEvent['type'], message: string, data?: NonNullable<NewEvent['data']>): NewEvent {
  return { type, message, peer: peer.id, ...(data ? { data } : {}) };
}
