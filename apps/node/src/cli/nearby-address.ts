import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const nearby = new BlockList();
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  nearby.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::1', 128],
  ['fe80::', 10],
  ['fc00::', 7],
] as const)
  nearby.addSubnet(net, bits, 'ipv6');

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether this is an address of a local network (private, link-local, unique local, loopback). */
export const isNearby = (address: string) =>
  isIP(address) !== 0 && nearby.check(address.replace(/%.*/, ''), family(address));

export interface OnLink {
  readonly interface: string;
  readonly own: string;
  readonly cidr: string;
}

/** The interface of this machine in whose subnet the address lies. */
export function interfaceTowards(address: string, all = networkInterfaces()): OnLink | undefined {
  for (const [name, addresses] of Object.entries(all)) {
    for (const { address: own, cidr } of addresses ?? []) {
      if (!cidr || isIP(own) !== isIP(address)) continue;
      const subnet = new BlockList();
      subnet.addSubnet(own, Number(cidr.split('/')[1]), family(own));
      if (subnet.check(address, family(address))) return { interface: name, own, cidr };
    }
  }
  return undefined;
}
