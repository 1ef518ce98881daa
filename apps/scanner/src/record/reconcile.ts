import { type Device, type DeviceSighting, deviceChange, type NewEvent } from '@kith/membership';
import type { Probed } from '../probe/probe.ts';

/** What is known of an address besides its answer, mostly by the system's neighbour table. */
export interface DeviceFacts {
  readonly mac?: string;
  readonly interface?: string;
  readonly isDefaultGateway?: boolean;
  /** The system itself heard from it just now; a mere memory never makes a device live. */
  readonly fresh: boolean;
}

/**
 * Three kinds of devices, never mixed: a peer that answers now, a live device that is none, and an address that is merely
 * remembered. Live is what answered the probe in any way, a refusal too, or what the neighbour table heard from just now.
 */
export function sightingOf(
  address: string,
  probed: Probed | undefined,
  facts: DeviceFacts | undefined,
): DeviceSighting {
  const hasAnswered = probed !== undefined && probed.answer !== 'silent';
  const base = {
    address,
    mac: facts?.mac,
    interface: facts?.interface,
    isDefaultGateway: facts?.isDefaultGateway,
    live: hasAnswered || (facts?.fresh ?? false),
  };
  if (probed === undefined) return { ...base, answer: 'unprobed' };
  if ('reply' in probed) {
    return { ...base, answer: probed.answer, ...(probed.answer === 'peer' ? { peer: probed.reply.id } : {}) };
  }
  return { ...base, answer: probed.answer, detail: probed.detail };
}

export interface Reconciled {
  /** To be written, as given. */
  readonly devices: Device[];
  readonly events: NewEvent[];
}

/** What was seen against the table: the devices to write and what to tell. The same address twice: the last one counts. */
export function reconcile(
  known: ReadonlyMap<string, Device>,
  sightings: readonly DeviceSighting[],
  nowMs: number,
): Reconciled {
  const changed = new Map<string, Device>();
  const events: NewEvent[] = [];
  for (const sighting of sightings) {
    const before = changed.get(sighting.address) ?? known.get(sighting.address);
    const change = deviceChange(before, sighting, nowMs);
    if (change.device !== undefined && isWorthWriting(before, change.device))
      changed.set(sighting.address, change.device);
    events.push(...change.events);
  }
  return { devices: [...changed.values()], events };
}

/** Peers are probed every few seconds: that one is still there is written at most this often, in milliseconds. */
const REWRITE_MS = 30_000;

function isWorthWriting(before: Device | undefined, after: Device): boolean {
  if (before === undefined || after.lastSeenAt - before.lastSeenAt >= REWRITE_MS) return true;
  const comparable = (one: Device) => JSON.stringify({ ...one, lastSeenAt: 0 }, Object.keys(one).sort());
  return comparable(before) !== comparable(after);
}
