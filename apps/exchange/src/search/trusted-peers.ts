import type { Peer, PeerStore } from '@kith/membership';
import { type Clock, every, type Log } from '@kith/service';
import { within } from '../within.ts';

export interface TrustedPeersOptions {
  readonly peers: PeerStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** A store that is well answers in a few milliseconds, and a search has less than a second. */
const STORE_MS = 150;
/** How old the list may be with which searches go on when the store goes away; each search makes it new. */
const REFRESH_MS = 30_000;

export interface TrustedPeers {
  /**
   * The trusted peers, whatever their state, as the store tells them now; as it told them last where it is away or slow,
   * so that a search needs no store. The gateway has the last word on trust.
   */
  list(): Promise<readonly Peer[]>;
  start(): void;
  stop(): void;
}

export function createTrustedPeers({ peers, clock, log }: TrustedPeersOptions): TrustedPeers {
  let known: readonly Peer[] = [];
  let isAway = false;
  const stopping = new AbortController();
  const read = async () => {
    try {
      known = (await peers.listPeers()).filter(({ trust }) => trust === 'trusted');
      if (isAway) log.info('the peer store is back');
      isAway = false;
    } catch (error) {
      if (!isAway) log.warn({ err: error }, 'the peer store is away: searches ask the peers that were last known');
      isAway = true;
    }
  };
  return {
    async list() {
      await within(read(), STORE_MS, clock);
      return known;
    },
    start() {
      const { signal } = stopping;
      every(read, { intervalMs: REFRESH_MS, clock, signal, onError: () => {} }).catch(() => {});
    },
    stop: () => stopping.abort(new Error('stopped')),
  };
}
