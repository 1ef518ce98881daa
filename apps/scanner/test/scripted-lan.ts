import type { Lan, LanInterface, Neighbour, NetworkChange } from '@kith/lan';

export interface ScriptedLan extends Lan {
  /** What the system knows before any sweep. */
  known: Neighbour[];
  /** What answers to ARP in a sweep, in order. */
  hosts: Neighbour[];
  here: LanInterface[];
  /** Subnets that were swept. */
  swept: string[];
  change(change: NetworkChange): void;
}

export const ethernet: LanInterface = {
  name: 'eth0',
  kind: 'physical',
  addresses: [{ address: '127.0.3.1', family: 4, prefix: 24, subnet: '127.0.3.0/24', isPrivate: true }],
  used: true,
  reason: 'It is a network card.',
  sweepable: ['127.0.3.0/24'],
};

/** A network whose devices are those in `hosts`; their pingbacks are real servers on loopback addresses. */
export function createScriptedLan(gateway = '127.0.3.254'): ScriptedLan {
  const listeners = new Set<(change: NetworkChange) => void>();
  const lan: ScriptedLan = {
    known: [],
    hosts: [],
    here: [ethernet],
    swept: [],
    change: (change) => {
      for (const listener of listeners) listener(change);
    },
    interfaces: async () => lan.here,
    defaultGateways: async () => [{ interface: 'eth0', address: gateway, family: 4, metric: 0, source: 'system' }],
    neighbours: async () => lan.known,
    lookUp: async (address) => lan.hosts.find((one) => one.address === address),
    sweep: async ({ subnet, onNeighbour }) => {
      lan.swept.push(subnet);
      for (const host of lan.hosts) {
        onNeighbour(host);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { asked: 254, left: 0, found: lan.hosts.length, elapsedMs: 1, tableFull: 0 };
    },
    watchChanges: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {},
  };
  return lan;
}

export const hostAt = (address: string): Neighbour => ({
  address,
  mac: `02:00:00:00:00:${Number(address.split('.').at(-1)).toString(16).padStart(2, '0')}`,
  interface: 'eth0',
  fresh: true,
});
