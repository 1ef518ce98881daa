import { createMemoryLan, type LanInterface, type MemoryLan, type Neighbour } from '@kith/lan';

export const ethernet: LanInterface = {
  name: 'eth0',
  kind: 'physical',
  addresses: [{ address: '127.0.3.1', family: 4, prefix: 24, subnet: '127.0.3.0/24', isPrivate: true }],
  used: true,
  reason: 'It is a network card.',
  sweepable: ['127.0.3.0/24'],
};

export const hostAt = (address: string) => ({
  address,
  mac: `02:00:00:00:00:${Number(address.split('.').at(-1)).toString(16).padStart(2, '0')}`,
  interface: 'eth0',
});

/** A LAN on loopback: `hosts` answer to ARP, `remembered` is in the table before; their pingbacks are real servers. */
export function createLoopbackLan({
  hosts = [],
  remembered = [],
  interfaces = [ethernet],
  gateway = '127.0.3.254',
}: {
  hosts?: readonly string[];
  remembered?: readonly string[];
  interfaces?: readonly LanInterface[];
  gateway?: string;
} = {}): MemoryLan {
  return createMemoryLan({
    interfaces,
    defaultGateways: [{ interface: 'eth0', address: gateway, family: 4, metric: 0, source: 'system' }],
    neighbours: hosts.map(hostAt),
    remembered: remembered.map((address): Neighbour => ({ ...hostAt(address), fresh: false })),
  });
}
