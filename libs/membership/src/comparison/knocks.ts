import type { NodeId } from '@kith/wire';
import { COMPARISON_MS } from './comparison.ts';

const WINDOW_MS = 3_600_000;
export const KNOCKS_PER_PEER = 3;
export const KNOCKS_IN_ALL = 10;

/** Who wants to compare numbers now. A knock is all that a stranger can cause, so that it is bounded. */
export interface Knocks {
  readonly shown?: { readonly peer: NodeId; readonly at: number };
  /** Those that were shown within the last hour, oldest first. */
  readonly past: readonly { readonly peer: NodeId; readonly at: number }[];
  /** How many were not shown. */
  readonly unshown: number;
}
export const NO_KNOCKS: Knocks = { past: [], unshown: 0 };

/** The knock that the owner is shown now; it is gone after two minutes, as the comparison behind it is. */
export function shownKnock({ shown }: Knocks, nowMs: number): Knocks['shown'] {
  return shown && nowMs - shown.at < COMPARISON_MS ? shown : undefined;
}

/** A peer's owner has opened the comparison. `isNews`: the owner here is to be told. */
export function knock(knocks: Knocks, peer: NodeId, nowMs: number): { knocks: Knocks; isNews: boolean } {
  const past = knocks.past.filter(({ at }) => nowMs - at < WINDOW_MS);
  const shown = shownKnock(knocks, nowMs);
  const isTooMany = past.length >= KNOCKS_IN_ALL || past.filter((one) => one.peer === peer).length >= KNOCKS_PER_PEER;
  if (isTooMany || (shown && shown.peer !== peer)) {
    const unshown = knocks.unshown + 1;
    return { knocks: { past, unshown, ...(shown ? { shown } : {}) }, isNews: false };
  }
  const now = { peer, at: nowMs };
  return { knocks: { past: [...past, now], unshown: knocks.unshown, shown: now }, isNews: true };
}

/** The owner has answered this peer's knock, by opening the comparison or otherwise. */
export function answered(knocks: Knocks, peer: NodeId): Knocks {
  const { shown, ...rest } = knocks;
  return shown && shown.peer !== peer ? knocks : rest;
}
