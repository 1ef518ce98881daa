import type { PeerView } from '@kith/wire';
import { when } from '../format/when.ts';

export interface StateText {
  /** One word for the dot's colour and for people who see none. */
  readonly word: string;
  readonly detail: string;
}

type Lived = Pick<PeerView, 'state' | 'lastSeenAt' | 'stateChangedAt' | 'addresses'>;

/** A peer's life in words: `Here · 0.4 ms away`, `Away since 14:02 · left on purpose`. */
export function peerState({ state, lastSeenAt, stateChangedAt, addresses }: Lived, now: number): StateText {
  switch (state) {
    case 'alive': {
      const trip = addresses[0]?.roundTripMs;
      return {
        word: 'Here',
        detail: trip === undefined ? 'answers' : `answers in ${trip < 10 ? trip.toFixed(1) : Math.round(trip)} ms`,
      };
    }
    case 'suspect':
      return { word: 'Not answering', detail: `last answer ${when(lastSeenAt, { now })}; asking again` };
    case 'dead':
      return { word: `Away since ${when(lastSeenAt, { now })}`, detail: 'off, asleep or out of reach' };
    case 'left':
      return { word: `Left at ${when(stateChangedAt, { now })}`, detail: 'it was stopped by its owner' };
  }
}
