import type { Peer } from '../peer/peer.ts';

/**
 * How fast a dead peer is noticed. A probe round asks all addresses of a peer at once and misses when none answers.
 * A time-out counts 1, a refusal 2 (something there said that nobody listens; a restart looks like that for a second).
 *
 * Worst case for a cut cable, from just after an answer, every pause at its longest (j = jitter):
 *   PROBE_PAUSE·(1+j) + T + (DEAD_AT−1)·(RECHECK_PAUSE·(1+j) + T)  =  3.6 + 1.0 + 2·(1.2 + 1.0)  =  9.0 s
 * and for a killed process (refused at once): 3.6 + 0 + 1.2 = 4.8 s. Suspect: 6.8 s and 3.6 s. The bound is 10 s
 * (issue 3, item 5); the rest is for the store and a busy machine.
 */
/** Each answer costs both ends about 1 ms: with 6 peers, 3 s keeps an idle node under 1 % of a core. */
export const PROBE_PAUSE_MS = 3000;
/** Pause after a miss, until the peer is dead or answers. */
export const RECHECK_PAUSE_MS = 1000;
/** How long a probe may take. A LAN answers in milliseconds; one lost SYN is repeated by TCP after 1 s and is then a miss. */
export const PROBE_TIMEOUT_MS = 1000;
/** Part of a pause that is random, so that nodes drift apart. */
export const PROBE_JITTER = 0.2;

/** Sum of misses at which a peer is suspect, and dead. One lost packet alone changes nothing. */
export const SUSPECT_AT = 2;
export const DEAD_AT = 3;
export const MISS_POINTS = { timeout: 1, refused: 2 } as const;

/**
 * A miss counts only if the prober itself was on time (the idea of Lifeguard, arXiv 1707.00788): above this lateness of
 * its own event loop the fault is more likely here.
 */
export const OWN_DELAY_MAX_MS = 500;

const MINUTE_MS = 60_000;

/**
 * Pause in milliseconds from the end of one probe round of `peer` to the start of the next, jitter not yet added. Away
 * peers are asked ever less often, from every 5 s in the first five minutes to every 5 minutes after a day; sweeps and
 * peers that ask us find those that come back elsewhere.
 */
export function probePauseMs(peer: Peer, nowMs: number): number {
  if (peer.state === 'alive' || peer.state === 'suspect') return peer.missed > 0 ? RECHECK_PAUSE_MS : PROBE_PAUSE_MS;
  const awayMs = Math.max(0, nowMs - peer.stateChangedAt);
  if (awayMs < 5 * MINUTE_MS) return 5000;
  return awayMs < 24 * 60 * MINUTE_MS ? 30_000 : 5 * MINUTE_MS;
}

/** The worst case above, for any constants: milliseconds from death to the state `dead`, time-outs only. */
export function worstDetectionMs(): number {
  const stretch = 1 + PROBE_JITTER;
  return PROBE_PAUSE_MS * stretch + PROBE_TIMEOUT_MS + (DEAD_AT - 1) * (RECHECK_PAUSE_MS * stretch + PROBE_TIMEOUT_MS);
}
