import { networkInterfaces } from 'node:os';
import { contains, parseSubnet } from '@kith/net';

export interface OnLink {
  readonly interface: string;
  readonly own: string;
  readonly cidr: string;
}

/** The interface of this machine in whose subnet the address lies. */
export function interfaceTowards(address: string, all = networkInterfaces()): OnLink | undefined {
  for (const [name, addresses] of Object.entries(all)) {
    for (const { address: own, cidr } of addresses ?? []) {
      const subnet = cidr ? parseSubnet(cidr) : undefined;
      if (cidr && subnet && contains(subnet, address)) return { interface: name, own, cidr };
    }
  }
  return undefined;
}
