import { gatewayAnswered, missed, type Peer, type PeerStore } from '@kith/membership';
import { type Clock, codeOf, type Log } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { OwnDelay } from '../probe/own-delay.ts';
import type { Probe } from '../probe/probe.ts';
import { probePeer } from '../probe/probe-peer.ts';
import type { Recorder } from '../record/recorder.ts';
import type { GatewayAnswers } from './gateway-answers.ts';
import { watchPauseMs } from './watch-pause.ts';

export interface WatchOptions {
  peers: PeerStore;
  probe: Probe;
  recorder: Recorder;
  /** Asked before a peer counts as away. */
  gatewayAnswers?: GatewayAnswers;
  ownDelay: Pick<OwnDelay, 'ms'>;
  clock: Clock;
  log: Log;
  random?: () => number;
}

export interface PeerWatch {
  start(): Promise<void>;
  /** Probes every peer that is not alive now, and with `all` every peer: after a wake, on a new network. */
  hurry(all?: boolean): void;
  stop(): Promise<void>;
}

/** A change in the list of peers of which no event told is seen after this time, in milliseconds. */
const RELIST_MS = 5000;

/** Probes every known peer for ever: alive ones every few seconds, those away ever less often. */
export function createPeerWatch(options: WatchOptions): PeerWatch {
  const { peers, probe, recorder, ownDelay, clock, log, random = Math.random } = options;
  const { gatewayAnswers = async () => false } = options;
  const stopping = new AbortController();
  const loops = new Map<NodeId, { done: Promise<void>; hurry: () => void }>();
  let all: readonly Peer[] = [];
  let unfollow = () => {};
  let listing: Promise<void> | undefined;
  let isOutdated = false;

  /** One round for one peer; returns it as it now is, undefined where it was forgotten. */
  const round = async (id: NodeId): Promise<Peer | undefined> => {
    const peer = await peers.getPeer(id);
    if (peer === undefined) return undefined;
    const over = new AbortController();
    // Beside the pingback, so that a peer that is gone is not found out later.
    const isInDoubt = peer.state === 'suspect' || (peer.state === 'alive' && peer.missed > 0);
    const gateway = isInDoubt && gatewayAnswers(peer, AbortSignal.any([stopping.signal, over.signal]));
    const result = await probePeer(peer, { probe, clock, signal: stopping.signal });
    if (stopping.signal.aborted) return peer;
    for (const { target, probed } of result.answers) await recorder.record(target, probed);
    if (result.isThere) {
      over.abort();
    } else if (await gateway) {
      await peers.changePeer(id, (current) => gatewayAnswered(current, clock.now()));
    } else {
      const miss = { kind: result.miss, askedAt: result.askedAt, ownDelayMs: ownDelay.ms() };
      await peers.changePeer(id, (current) => missed(current, clock.now(), miss));
    }
    const after = await peers.getPeer(id);
    // One that was away is back: so may be the network between us and all the others.
    if (after?.state === 'alive' && (peer.state === 'dead' || peer.state === 'suspect')) hurry();
    return after;
  };

  const watch = async (id: NodeId, pauses: { wake: AbortController }) => {
    let last = all.find((one) => one.id === id);
    while (!stopping.signal.aborted) {
      try {
        const after = await round(id);
        if (after === undefined) break;
        last = after;
      } catch (error) {
        if (stopping.signal.aborted) break;
        log.debug({ err: error, code: codeOf(error) }, 'a probe round is lost: the store is away');
      }
      const pause = last ? watchPauseMs(last, all, clock.now(), random) : RELIST_MS;
      pauses.wake = new AbortController();
      await clock.sleep(pause, AbortSignal.any([stopping.signal, pauses.wake.signal])).catch(() => {});
    }
    loops.delete(id);
  };

  const follow = (id: NodeId) => {
    if (loops.has(id) || stopping.signal.aborted) return;
    const pauses = { wake: new AbortController() };
    loops.set(id, { done: Promise.resolve(), hurry: () => pauses.wake.abort() });
    const entry = loops.get(id);
    if (entry) entry.done = watch(id, pauses);
  };

  const list = async () => {
    do {
      isOutdated = false;
      all = await peers.listPeers();
      for (const { id } of all) follow(id);
    } while (isOutdated);
  };
  /** What changes while a list is being read is read right after it. */
  const relist = (): Promise<void> => {
    isOutdated = true;
    listing ??= list()
      .catch((error) => log.debug({ err: error }, 'peers are not listed: the store is away'))
      .finally(() => {
        listing = undefined;
      });
    return listing;
  };

  const hurry = (everyOne = false) => {
    for (const { id, state } of all) if (everyOne || state !== 'alive') loops.get(id)?.hurry();
  };

  const relistForEver = async () => {
    while (!stopping.signal.aborted) {
      await relist();
      await clock.sleep(RELIST_MS, stopping.signal).catch(() => {});
    }
  };
  let relisting = Promise.resolve();

  return {
    start: async () => {
      unfollow = await peers.followEvents(({ type }) => {
        if (type.startsWith('peer-')) void relist();
      });
      relisting = relistForEver();
      await listing;
    },
    hurry,
    stop: async () => {
      stopping.abort(new Error('stopped'));
      unfollow();
      await Promise.all([relisting, ...[...loops.values()].map(({ done }) => done)]);
    },
  };
}
