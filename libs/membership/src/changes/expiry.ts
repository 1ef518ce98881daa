import type { NodeId } from '@kith/wire';
import type { NewEvent } from '../peer/event.ts';
import type { Device, Peer } from '../peer/peer.ts';

const DAY_MS = 24 * 60 * 60_000;

/** A peer about which nothing was decided and that is away this long is forgotten. */
export const STRANGER_FORGET_MS = 7 * DAY_MS;
/**
 * So many peers about which nothing was decided are kept, those seen last: a host that makes up a new identity for each
 * probe cannot fill the table.
 */
export const MAX_STRANGERS = 512;

/** Peers to `forget` now. Trusted and blocked ones are the owner's decisions and are never among them. */
export function strangersToForget(all: readonly Peer[], nowMs: number): NodeId[] {
  const strangers = all
    .filter((peer) => peer.trust === 'pending')
    .sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.id < b.id ? -1 : 1));
  return strangers
    .filter(
      (peer, index) =>
        index >= MAX_STRANGERS ||
        ((peer.state === 'dead' || peer.state === 'left') && nowMs - peer.lastSeenAt > STRANGER_FORGET_MS),
    )
    .map((peer) => peer.id);
}

/** A device that was not live for this long (three sweeps of 5 minutes) is lost: remembered, and shown as such. */
export const DEVICE_LOST_MS = 15 * 60_000;
/** A lost device is removed after this long. */
export const DEVICE_FORGET_MS = DAY_MS;

export interface DeviceExpiry {
  /** Devices that have just been lost, to be put back as given. */
  readonly lost: Device[];
  /** Addresses to be removed. */
  readonly gone: string[];
  readonly events: NewEvent[];
}

/** What became of the devices while nobody saw them. */
export function expireDevices(all: readonly Device[], nowMs: number): DeviceExpiry {
  const gone = all.filter((one) => nowMs - one.lastSeenAt > DEVICE_FORGET_MS).map((one) => one.address);
  const lost = all
    .filter((one) => one.lostAt === undefined && nowMs - one.lastSeenAt > DEVICE_LOST_MS)
    .map((one) => ({ ...one, lostAt: nowMs }));
  const events = lost.map(
    (one): NewEvent => ({
      type: 'device-lost',
      message: `${one.address} is not on the network any more.`,
      address: one.address,
      ...(one.mac ? { data: { mac: one.mac } } : {}),
    }),
  );
  return { lost: lost.filter((one) => !gone.includes(one.address)), gone, events };
}
