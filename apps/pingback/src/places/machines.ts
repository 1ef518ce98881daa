import type { Lan } from '@kith/lan';
import { isLoopback, parseAddress, plainAddress } from '@kith/net';
import type { Clock } from '@kith/service';

export interface MachinesOptions {
  /** The system's neighbour table; without it nothing is known of MACs. */
  readonly neighbours?: Lan['neighbours'] | undefined;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** The table is read again after this time at the earliest, in milliseconds. */
const REREAD_MS = 1000;

/** Which addresses are one machine's. */
export interface Machines {
  /**
   * One text for all addresses of one machine: its MAC where the system's neighbour table has it; else the address
   * itself, or the /64 of an IPv6 address, of which every machine can have as many as it likes.
   */
  of(address: string): string;
  /** Reads the neighbour table again, if that was not done a moment ago. Never throws. */
  lookAgain(): Promise<void>;
}

export function createMachines({ neighbours, clock }: MachinesOptions): Machines {
  let macs: ReadonlyMap<string, string> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  return {
    of: (address) => macs.get(address) ?? network(address),
    lookAgain: async () => {
      if (neighbours === undefined || clock.monotonic() - readAt < REREAD_MS) return;
      readAt = clock.monotonic();
      const table = await neighbours().catch(() => []);
      macs = new Map(table.map(({ address, mac }) => [plainAddress(address) ?? address, mac]));
    },
  };
}

function network(address: string): string {
  const parsed = parseAddress(address);
  if (parsed === undefined || parsed.kind() === 'ipv4' || isLoopback(address)) return address;
  return `${parsed.toByteArray().slice(0, 8).join('.')}/64`;
}
