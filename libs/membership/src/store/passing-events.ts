import type { EventType, NewEvent } from '../peer/event.ts';
import type { Peer } from '../peer/peer.ts';

/**
 * So many events of the passing kind are kept, out of MAX_EVENTS in all. Anybody on the LAN can cause them, as many as he
 * likes: a node that calls itself something new at each probe, a machine that takes one address after the other. They
 * push out each other and never the rest, which is the owner's history.
 */
export const MAX_PASSING_EVENTS = 2_000;

/** What happens on the LAN by itself all day, or at the wish of a stranger. */
const OF_THE_LAN: ReadonlySet<EventType> = new Set<EventType>([
  'device-found',
  'device-lost',
  'device-changed',
  'sweep',
  'peer-documents',
  'peer-same-name',
  'peer-knock',
]);
const DECISIONS: ReadonlySet<EventType> = new Set<EventType>(['peer-trusted', 'peer-pending', 'peer-blocked']);

/** Whether an event is of the passing kind; `peer` is whom it tells of, before and after the change that it tells. */
export function isPassing(
  { type, peer: about }: NewEvent,
  peer: { readonly before?: Peer | undefined; readonly after?: Peer | undefined } = {},
): boolean {
  if (OF_THE_LAN.has(type)) return true;
  const { before, after } = peer;
  if (about === undefined || (before ?? after) === undefined || DECISIONS.has(type)) return false;
  return before?.trust !== 'trusted' && after?.trust !== 'trusted';
}
