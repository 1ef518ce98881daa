import type { Lan, Neighbour } from '@kith/lan';
import type { Clock } from '@kith/service';

export interface ConfirmOptions {
  /** Entries of the neighbour table whose devices said nothing in the sweep. */
  unsure: readonly Neighbour[];
  lan: Pick<Lan, 'neighbours'>;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * An old entry that was written to is checked by Linux itself: after 5 s it asks the device, three times a second apart,
 * and drops the entry if nothing comes (delay_first_probe_time, ucast_solicit; seen dropped at 9 s). In milliseconds.
 */
const CHECKED_MS = 10_000;

/** Which of them the system has heard from since the sweep: devices whose firewall drops everything but ARP. */
export async function confirmDevices({ unsure, lan, clock, signal }: ConfirmOptions): Promise<Neighbour[]> {
  if (unsure.length === 0) return [];
  await clock.sleep(CHECKED_MS, signal).catch(() => {});
  if (signal.aborted) return [];
  const macs = new Map((await lan.neighbours()).map(({ address, mac }) => [address, mac]));
  return unsure.filter(({ address, mac }) => macs.get(address) === mac).map((one) => ({ ...one, fresh: true }));
}
