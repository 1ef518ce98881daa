import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { isIP } from 'node:net';
import type { Peer } from '@kith/membership';
import type { Clock } from '@kith/service';

export interface FarewellOptions {
  /** Peers that are to hear of it: alive ones are waited for, others only called. */
  peers: readonly Peer[];
  /** Address to call from, or undefined for any. */
  localAddress: string | undefined;
  clock: Clock;
  /** The whole time for it, in milliseconds. */
  withinMs: number;
}

export interface Farewell {
  /** To be called with the address of everybody who was told that this node leaves. */
  heard(address: string): void;
  /** Calls the peers so that they look back; resolves when each has, or when the time is over. Never throws. */
  tell(options: FarewellOptions): Promise<void>;
}

/** There is no message "I leave": a peer that is asked to look hears it in the signed answer (decision 0003). */
export function createFarewell(): Farewell {
  const told = new Set<string>();
  let onHeard = () => {};
  return {
    heard: (address) => {
      told.add(address);
      onHeard();
    },
    tell: async ({ peers, localAddress, clock, withinMs }) => {
      const over = new AbortController();
      const awaited = peers.filter(({ state }) => state === 'alive');
      const isDone = () => awaited.every((peer) => peer.addresses.some(({ address }) => told.has(address)));
      onHeard = () => isDone() && over.abort();
      // A peer that is suspect may be there after all; it is called but not waited for.
      const calls = peers.flatMap(({ addresses }) => addresses.slice(0, 2));
      for (const { address, pingbackPort } of calls) askToLook(address, pingbackPort, localAddress, over.signal);
      onHeard();
      await clock.sleep(withinMs, over.signal).catch(() => {});
      over.abort();
    },
  };
}

function askToLook(host: string, port: number, localAddress: string | undefined, signal: AbortSignal): void {
  const nonce = randomBytes(16).toString('base64url');
  const isSameFamily = localAddress !== undefined && isIP(localAddress) === isIP(host);
  const call = request({
    host,
    port,
    path: `/?nonce=${nonce}&look=1`,
    agent: false,
    signal,
    ...(isSameFamily ? { localAddress } : {}),
  });
  // That it was asked is all: who it is does not matter, its own look back decides.
  call.on('response', (answer) => answer.destroy());
  call.on('error', () => {});
  call.end();
}
