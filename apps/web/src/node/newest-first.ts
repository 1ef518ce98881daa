import type { EventView } from '@kith/wire';

/** Passes over the network and changes of devices that are no peers: many, and of little use in a list for people. */
const UNTOLD = new Set(['sweep', 'device-changed']);

/** Events for people: the newest first, without those that only programs want. */
export function newestFirst(events: readonly EventView[]): EventView[] {
  return events.filter(({ type }) => !UNTOLD.has(type)).toSorted((a, b) => b.at - a.at);
}
