import { type EventView, eventsViewSchema } from '@kith/wire';
import { InvalidArgumentError } from 'commander';
import type { Api } from '../ask/api.ts';

/** A peer that was here at some moment: the event that it came with. */
export type Arrival = EventView & { readonly peer: string };

const CAME = new Set(['peer-found', 'peer-alive', 'peer-restarted']);
const WENT = new Set(['peer-dead', 'peer-left', 'peer-forgotten']);
const PAGE = 1000;
/** A node keeps about 10,000 events. */
const PAGES_MAX = 50;

/** Who had come and not gone at `atMs`, the longest here first, from events in order of time. */
export function peersAt(events: readonly EventView[], atMs: number): Arrival[] {
  const here = new Map<string, Arrival>();
  for (const event of events) {
    const { peer, type, at } = event;
    if (peer === undefined || at > atMs) continue;
    if (WENT.has(type)) here.delete(peer);
    else if (CAME.has(type) && !here.has(peer)) here.set(peer, { ...event, peer });
  }
  return [...here.values()];
}

/** All events that the node still has, up to a moment. */
export async function eventsUntil(api: Api, atMs: number): Promise<EventView[]> {
  const all: EventView[] = [];
  // A cursor that was never given means: from the beginning.
  let after = '0';
  for (let page = 0; page < PAGES_MAX; page++) {
    const { events } = await api.get(`/_kith/events?after=${after}&limit=${PAGE}`, eventsViewSchema);
    all.push(...events);
    const last = events.at(-1);
    if (last === undefined || events.length < PAGE || last.at > atMs) break;
    after = last.cursor;
  }
  return all;
}

/** `10:00` is the last ten o'clock; everything else as Date reads it, such as `2026-11-24 10:00`. In ms since 1970. */
export function momentOf(text: string, now: Date): number {
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock === null) {
    const parsed = Date.parse(text);
    if (Number.isFinite(parsed)) return parsed;
    throw new InvalidArgumentError('Accepted: a time of day such as 10:00, or 2026-11-24 10:00.');
  }
  const [hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0));
  const at = new Date(now);
  at.setHours(hours ?? 0, minutes ?? 0, seconds ?? 0, 0);
  if (at > now) at.setDate(at.getDate() - 1);
  return at.getTime();
}
