import type { Peer, PeerStore } from '@kith/membership';
import type { Clock, Log } from '@kith/service';

export interface TrustedPeersOptions {
  readonly peers: PeerStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** A store that is well answers in a few milliseconds, and a search has less than a second. */
const STORE_MS = 150;

/**
 * The trusted peers, whatever their state, as the store tells them now; as it told them last where it is away or slow,
 * so that a search needs no store. The gateway has the last word on trust.
 */
export function createTrustedPeers({ peers, clock, log }: TrustedPeersOptions): () => Promise<readonly Peer[]> {
  let known: readonly Peer[] = [];
  let isAway = false;
  const read = async () => {
    const all = await peers.listPeers();
    known = all.filter(({ trust }) => trust === 'trusted');
    if (isAway) log.info('the peer store is back');
    isAway = false;
  };
  return async () => {
    const inTime = new AbortController();
    const reading = read().catch((error: unknown) => {
      if (!isAway) log.warn({ err: error }, 'the peer store is away: searches ask the peers that were last known');
      isAway = true;
    });
    await Promise.race([reading, clock.sleep(STORE_MS, inTime.signal).catch(() => {})]);
    inTime.abort();
    return known;
  };
}
