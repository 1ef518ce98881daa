import type { NewEvent } from '../peer/event.ts';
import type { Device } from '../peer/peer.ts';

/** What one look at an address showed; a field that is absent was not looked at and stays as it was. */
export type DeviceSighting = Pick<Device, 'address'> & {
  [K in 'mac' | 'interface' | 'answer' | 'detail' | 'peer' | 'isDefaultGateway']?: Device[K] | undefined;
} & {
  /** Whether it was live just now: a fresh neighbour entry or an answer. A mere memory does not renew `lastSeenAt`. */
  readonly live: boolean;
};

export interface DeviceChange {
  /** Undefined: nothing is to be written. */
  readonly device: Device | undefined;
  readonly events: readonly NewEvent[];
}

const DETAIL_MAX = 200;

/** Merges a sighting into what is known of its address. Whoever calls it writes the device with `putDevices`. */
export function deviceChange(current: Device | undefined, sighting: DeviceSighting, nowMs: number): DeviceChange {
  const { live, detail, ...fields } = sighting;
  if (current === undefined && !live) return { device: undefined, events: [] };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const { lostAt, detail: oldDetail, peer: oldPeer, ...known } = current ?? newDevice(sighting.address, nowMs);
  const answered = fields.answer !== undefined && fields.answer !== 'unprobed';
  // Evidence and peer belong to an answer: a new answer takes the old ones away.
  const newDetail = answered ? detail : (detail ?? oldDetail);
  const peer = answered ? fields.peer : (fields.peer ?? oldPeer);
  const device: Device = {
    ...known,
    ...given,
    ...(newDetail ? { detail: cleanDetail(newDetail) } : {}),
    ...(peer ? { peer } : {}),
    ...(live ? { lastSeenAt: nowMs } : {}),
    ...(lostAt !== undefined && !live ? { lostAt } : {}),
  };
  // A sweep without a probe tells nothing new about the pingback port.
  const merged = current && fields.answer === 'unprobed' ? { ...device, answer: current.answer } : device;
  return { device: merged, events: tellOf(current, merged) };
}

/** Text from a stranger, for people: no control or format characters, 200 at most. */
export function cleanDetail(text: string): string {
  return text
    .slice(0, 4 * DETAIL_MAX)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, DETAIL_MAX);
}

function newDevice(address: string, nowMs: number): Device {
  return { address, answer: 'unprobed', firstSeenAt: nowMs, lastSeenAt: nowMs };
}

function tellOf(before: Device | undefined, after: Device): NewEvent[] {
  const base = { address: after.address, ...(after.peer ? { peer: after.peer } : {}) };
  if (before === undefined || (before.lostAt !== undefined && after.lostAt === undefined)) {
    const again = before === undefined ? '' : ' again';
    const mac = after.mac ? ` (${after.mac})` : '';
    const data = { ...(after.mac ? { mac: after.mac } : {}), answer: after.answer };
    return [{ ...base, type: 'device-found', message: `${after.address}${mac} is on the network${again}.`, data }];
  }
  const changes: string[] = [];
  if (before.mac !== undefined && before.mac !== after.mac) {
    changes.push(`its hardware address is ${after.mac ?? 'unknown'} now, before ${before.mac}`);
  }
  if (before.answer !== after.answer && before.answer !== 'unprobed') {
    changes.push(`its pingback port is “${after.answer}” now, before “${before.answer}”`);
  }
  if (changes.length === 0) return [];
  const data = { answer: after.answer, before: before.answer, ...(after.mac ? { mac: after.mac } : {}) };
  return [{ ...base, type: 'device-changed', message: `${after.address}: ${changes.join('; ')}.`, data }];
}
