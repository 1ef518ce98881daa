import type { TLSSocket } from 'node:tls';
import type { PairingKey } from '@kith/identity';
import type { Peer } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { KnownPeers } from '../known-peers.ts';
import type { CodeDecisions } from './code-decisions.ts';
import { createPairingCall, type PairingCall, PairingRefusedError } from './pairing-call.ts';

export interface PairingOptions {
  readonly self: NodeId;
  readonly pairingKey: PairingKey | undefined;
  readonly known: KnownPeers;
  readonly decisions: CodeDecisions;
  readonly connect: (id: NodeId, signal: AbortSignal) => Promise<TLSSocket>;
  readonly clock: Clock;
  readonly log: Log;
  readonly times?: Partial<PairingTimes>;
}

/** In milliseconds. */
export interface PairingTimes {
  /** How long the node with the greater id waits for the other to begin. */
  readonly secondWaits: number;
  readonly firstRetry: number;
  readonly lastRetry: number;
}
const TIMES: PairingTimes = { secondWaits: 5_000, firstRetry: 500, lastRetry: 60_000 };

/**
 * Gets to know new peers by the pairing code: shows them that this node has it. One of the two nodes begins, the one with
 * the smaller id; the other only if nothing came, so that after a crash of either the exchange is made good.
 */
export function createCodePairing(options: PairingOptions) {
  const { self, pairingKey, known, decisions, connect, clock, log } = options;
  const times = { ...TIMES, ...options.times };
  const stopping = new AbortController();
  const running = new Map<NodeId, Promise<void>>();
  /** Start of the peer (its `instance`) that has said that it does not have our code: it is not asked again. */
  const withoutCode = new Map<NodeId, string>();

  const isWanted = (peer: Peer | undefined): peer is Peer =>
    pairingKey !== undefined &&
    peer?.state === 'alive' &&
    peer.trust === 'pending' &&
    withoutCode.get(peer.id) !== peer.instance &&
    decisions.codeMayDecide(peer.id);

  async function exchange(id: NodeId): Promise<void> {
    const { signal } = stopping;
    const call = createPairingCall({ self, peer: id, socket: await connect(id, signal), clock });
    const cut = () => void call.close();
    signal.addEventListener('abort', cut, { once: true });
    try {
      if (pairingKey) await proveCode(call, id, pairingKey);
    } finally {
      signal.removeEventListener('abort', cut);
      await call.close();
    }
  }

  async function proveCode(call: PairingCall, id: NodeId, key: PairingKey): Promise<void> {
    try {
      if (await call.proveCode(key)) return await decisions.trustByCode(id);
    } catch (error) {
      if (!(error instanceof PairingRefusedError) || error.status !== 403) throw error;
    }
    const instance = known.get(id)?.instance;
    if (instance !== undefined) withoutCode.set(id, instance);
  }

  async function pursue(id: NodeId): Promise<void> {
    const { signal } = stopping;
    if (self > id) await clock.sleep(times.secondWaits, signal);
    for (let retry = times.firstRetry; !signal.aborted; retry = Math.min(retry * 2, times.lastRetry)) {
      if (!isWanted(known.get(id))) return;
      try {
        await exchange(id);
        continue;
      } catch (error) {
        log.debug({ err: error, peer: id }, 'could not show the pairing code yet');
      }
      await clock.sleep(retry * (1 + Math.random() / 2), signal);
    }
  }

  return {
    /** To be called for every peer that is new or has changed. */
    consider(peer: Peer): void {
      if (running.has(peer.id) || stopping.signal.aborted || !isWanted(peer)) return;
      const done = pursue(peer.id)
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) log.warn({ err: error, peer: peer.id }, 'gave up pairing');
        })
        .finally(() => running.delete(peer.id));
      running.set(peer.id, done);
    },
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}
