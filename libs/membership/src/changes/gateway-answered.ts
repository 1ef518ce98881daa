import type { Peer } from '../peer/peer.ts';
import { showPeer } from '../peer/peer-label.ts';
import type { PeerChange } from '../store/peer-store.ts';

/**
 * The pingback of a peer was silent and its gateway has proved its key: it is there. Of one that is dead or has left this
 * says nothing; its pingback tells when it is back.
 */
export function gatewayAnswered(current: Peer | undefined, nowMs: number): PeerChange {
  if (current === undefined || current.state === 'dead' || current.state === 'left') {
    return { peer: current, events: [] };
  }
  const peer: Peer = { ...current, missed: 0, lastSeenAt: nowMs };
  if (current.state === 'alive') return { peer, events: [] };
  const alive: Peer = { ...peer, state: 'alive', stateChangedAt: nowMs };
  const message = `${showPeer(peer)} is here again: its gateway answers, its pingback does not.`;
  return {
    peer: alive,
    events: [{ type: 'peer-alive', message, peer: peer.id, data: { before: current.state } }],
  };
}
