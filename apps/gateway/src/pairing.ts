import type { TLSSocket } from 'node:tls';
import type { PairingKey } from '@kith/identity';
import type { Peer } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { KnownPeers } from './known-peers.ts';
import { createPairingCall, PairingRefusedError } from './pairing-call.ts';
import type { PairingDecisions } from './pairing-decisions.ts';

export interface PairingOptions {
  readonly self: NodeId;
  readonly pairingKey: PairingKey | undefined;
  readonly known: KnownPeers;
  readonly decisions: PairingDecisions;
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

/** What is still to be done with a peer; empty where it is decided or away. */
interface Wanted {
  readonly check: boolean;
  readonly code: boolean;
}

/**
 * Gets to know new peers: shows them that this node has the pairing code, and makes the number that both owners compare.
 * One of the two nodes begins, the one with the smaller id; the other only if nothing came, so that after a crash of
 * either the exchange is made good.
 */
export function createPairing(options: PairingOptions) {
  const { self, pairingKey, known, decisions, connect, clock, log } = options;
  const times = { ...TIMES, ...options.times };
  const stopping = new AbortController();
  const running = new Map<NodeId, Promise<void>>();
  /** Start of the peer (its `instance`) that has said that it does not have our code: it is not asked again. */
  const withoutCode = new Map<NodeId, string>();

  function wanted(peer: Peer | undefined): Wanted {
    const isOpen = peer?.state === 'alive' && peer.trust === 'pending';
    const code = isOpen && pairingKey !== undefined && withoutCode.get(peer.id) !== peer.instance;
    return { check: isOpen && peer.check === undefined, code: code && decisions.codeMayDecide(peer.id) };
  }

  async function exchange(id: NodeId, { check, code }: Wanted): Promise<void> {
    const { signal } = stopping;
    const call = createPairingCall({ self, peer: id, socket: await connect(id, signal) });
    const cut = () => void call.close();
    signal.addEventListener('abort', cut, { once: true });
    try {
      if (code && pairingKey && (await proveCode(call, id, pairingKey))) return;
      if (check) await decisions.keepCheck(id, await call.check());
    } finally {
      signal.removeEventListener('abort', cut);
      await call.close();
    }
  }

  async function proveCode(call: ReturnType<typeof createPairingCall>, id: NodeId, key: PairingKey): Promise<boolean> {
    try {
      if (await call.proveCode(key)) {
        await decisions.trustByCode(id);
        return true;
      }
    } catch (error) {
      if (!(error instanceof PairingRefusedError) || error.status !== 403) throw error;
    }
    const instance = known.get(id)?.instance;
    if (instance !== undefined) withoutCode.set(id, instance);
    return false;
  }

  async function pursue(id: NodeId): Promise<void> {
    const { signal } = stopping;
    if (self > id) await clock.sleep(times.secondWaits, signal);
    for (let retry = times.firstRetry; !signal.aborted; retry = Math.min(retry * 2, times.lastRetry)) {
      const todo = wanted(known.get(id));
      if (!todo.check && !todo.code) return;
      try {
        await exchange(id, todo);
        continue;
      } catch (error) {
        log.debug({ err: error, peer: id }, 'could not exchange the check number yet');
      }
      await clock.sleep(retry * (1 + Math.random() / 2), signal);
    }
  }

  return {
    /** To be called for every peer that is new or has changed. */
    consider(peer: Peer): void {
      const todo = wanted(peer);
      if (running.has(peer.id) || stopping.signal.aborted || !(todo.check || todo.code)) return;
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
