import {
  type Device,
  type DeviceSighting,
  expireDevices,
  MAX_DEVICES,
  type NewEvent,
  type PeerStore,
} from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import { reconcile } from './reconcile.ts';

export interface DeviceTable {
  /** Takes in what was seen; written together with what else comes within the next moment. */
  note(sighting: DeviceSighting): void;
  /** Writes what is waiting. A store that is away keeps it waiting; never throws. */
  flush(): Promise<void>;
  /** The hardware address under which this address was seen last. */
  macOf(address: string): string | undefined;
  /** Marks what was not seen for long, and removes what was not seen for very long. */
  expire(): Promise<void>;
}

/** What is waiting while the store is away: the newest sightings. */
const WAITING_MAX = 4096;
const GATHER_MS = 50;

/** The scanner is the only writer of devices, so that it keeps its own copy to compare with. */
export async function openDeviceTable(options: { peers: PeerStore; clock: Clock; log: Log }): Promise<DeviceTable> {
  const { peers, clock, log } = options;
  const known = new Map<string, Device>();
  const reload = async () => {
    const devices = await peers.listDevices();
    known.clear();
    for (const device of devices) known.set(device.address, device);
  };
  await reload();
  let waiting: DeviceSighting[] = [];
  let isGathering = false;

  const write = async (devices: readonly Device[], events: readonly NewEvent[]) => {
    if (devices.length > 0) await peers.putDevices(devices);
    for (const device of devices) known.set(device.address, device);
    if (events.length > 0) await peers.addEvents(events);
  };
  const flush = async () => {
    const taken = waiting;
    waiting = [];
    if (taken.length === 0) return;
    const { devices, events } = reconcile(known, taken, clock.now());
    try {
      await write(devices, events);
    } catch (error) {
      log.debug({ err: error }, 'devices wait for the store');
      waiting = [...taken, ...waiting].slice(-WAITING_MAX);
    }
  };
  return {
    note: (sighting) => {
      waiting.push(sighting);
      if (waiting.length > WAITING_MAX) waiting.shift();
      if (isGathering) return;
      isGathering = true;
      clock.sleep(GATHER_MS).then(() => {
        isGathering = false;
        return flush();
      });
    },
    flush,
    macOf: (address) => known.get(address)?.mac,
    expire: async () => {
      await flush();
      const { lost, gone, events } = expireDevices([...known.values()], clock.now());
      try {
        await write(lost, events);
        if (gone.length > 0) await peers.removeDevices(gone);
        for (const address of gone) known.delete(address);
        if (known.size > MAX_DEVICES) await reload();
      } catch (error) {
        log.debug({ err: error }, 'devices are not expired: the store is away');
      }
    },
  };
}
