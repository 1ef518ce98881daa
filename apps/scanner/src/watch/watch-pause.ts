import { type Peer, PROBE_JITTER, probePauseMs } from '@kith/membership';
import { ALONE_PAUSE_MS, ALONE_PEERS, TRUSTED_PAUSE_MS } from '../config.ts';

/**
 * Pause in milliseconds before the next round for `peer`. While no peer at all is alive, the fault may be this node's own
 * cable: the few that were seen last are asked every second, so that all come back within two seconds of its return.
 */
export function watchPauseMs(peer: Peer, all: readonly Peer[], nowMs: number, random: () => number): number {
  const usual = probePauseMs(peer, nowMs);
  const kept = peer.trust === 'trusted' ? Math.min(usual, TRUSTED_PAUSE_MS) : usual;
  const pause = isScout(peer, all) ? Math.min(kept, ALONE_PAUSE_MS) : kept;
  return pause * (1 + PROBE_JITTER * (random() * 2 - 1));
}

function isScout(peer: Peer, all: readonly Peer[]): boolean {
  if (peer.state !== 'dead' || all.some(({ state }) => state === 'alive')) return false;
  const dead = all.filter(({ state }) => state === 'dead').sort((a, b) => b.lastSeenAt - a.lastSeenAt);
  return dead.slice(0, ALONE_PEERS).some(({ id }) => id === peer.id);
}
