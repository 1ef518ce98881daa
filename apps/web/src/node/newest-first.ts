import type { EventView } from '@kith/wire';

/** Passes over the network come every few minutes and say little: they are left out of the list for people. */
const UNTOLD = new Set(['sweep']);

/** Events for people: the newest first, without those that only programs want. */
export function newestFirst(events: readonly EventView[]): EventView[] {
  return events.filter(({ type }) => !UNTOLD.has(type)).toSorted((a, b) => b.at - a.at);
}
