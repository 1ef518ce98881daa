import { createMemoryLan, type LanInterface, type MemoryLan, type Neighbour } from '@kith/lan';

function onSubnet(subnet: string): LanInterface {
  const address = subnet.replace(/0\/24$/, '1');
  return {
    name: 'eth0',
    kind: 'physical',
    addresses: [{ address, family: 4, prefix: 24, subnet, isPrivate: true }],
    used: true,
    reason: 'It is a network card.',
    sweepable: [subnet],
  };
}
export const ethernet = onSubnet('127.0.3.0/24');

export const hostAt = (address: string) => ({
  address,
  mac: `02:00:00:00:00:${Number(address.split('.').at(-1)).toString(16).padStart(2, '0')}`,
  interface: 'eth0',
});

/** A LAN on loopback: `hosts` answer to ARP, `remembered` is in the table before; their pingbacks are real servers. */
export function createLoopbackLan({
  hosts = [],
  remembered = [],
  subnet = '127.0.3.0/24',
  interfaces = [onSubnet(subnet)],
  gateway = '127.0.3.254',
}: {
  hosts?: readonly string[];
  remembered?: readonly string[];
  subnet?: string;
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
