import { sampleId } from '../compliance/samples.ts';
import { missed, type Peer, type PeerChange, seen, told, trust } from '../src/index.ts';

export interface Look {
  /** Seconds since the story began, when the answer is processed. */
  at: number;
  instance: string;
  incarnation: number;
  address: string;
  /** Milliseconds; default 1. */
  roundTripMs?: number;
  state?: 'running' | 'leaving';
  name?: string;
  port?: number;
}

export const start = 1_795_000_000_000;

/** Plays looks and misses one after the other, as a scanner would. */
export function createStory() {
  let peer: Peer | undefined;
  const events: string[] = [];
  const take = (change: PeerChange) => {
    peer = change.peer;
    events.push(...change.events.map((event) => event.type));
    return change;
  };
  return {
    look({ at, address, roundTripMs = 1, port = 5800, state = 'running', ...reply }: Look) {
      const whole = {
        id: sampleId(1),
        publicKey: 'k',
        name: 'ana',
        gatewayPort: 5805,
        ...reply,
        state,
      };
      return take(seen(peer, { reply: whole, address, pingbackPort: port, roundTripMs }, start + at * 1000));
    },
    miss(at: number, kind: 'timeout' | 'refused' = 'timeout') {
      return take(missed(peer, start + at * 1000, { kind }));
    },
    /** What the peer says over its own connection. */
    tell: (name: string, count: number, version: number) => take(told(peer, { name, documents: { count, version } })),
    trust: () => take(trust(peer, 'trusted', 'owner', start)),
    /** Three time-outs, from `at` on. */
    die(at: number) {
      for (const step of [0, 1, 2]) take(missed(peer, start + (at + step) * 1000, { kind: 'timeout' }));
    },
    /** The types of the events since the last call. */
    told: () => events.splice(0),
    peer: () => {
      if (!peer) throw new Error('the story has no peer yet');
      return peer;
    },
  };
}
