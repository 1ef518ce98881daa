import ipaddr from 'ipaddr.js';
import { parseAddress } from './address.ts';

export interface Subnet {
  /** Network address and prefix length, such as `192.168.1.0/24`. */
  readonly cidr: string;
  readonly family: 4 | 6;
  /** Length of the prefix in bits. */
  readonly prefix: number;
  /** Network address as a number; IPv4 only, 0 otherwise. */
  readonly base: number;
  /** Count of addresses in it; Infinity for IPv6. */
  readonly size: number;
}

/** The subnet of an address with prefix length (`192.168.1.54/24`); undefined if it is none. */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = '', bits = '', ...more] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || more.length > 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const prefix = Number(bits);
  if (parsed.kind() === 'ipv6') {
    if (prefix > 128) return undefined;
    const network = ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/${prefix}`).toString();
    return { cidr: `${network}/${prefix}`, family: 6, prefix, base: 0, size: Number.POSITIVE_INFINITY };
  }
  if (prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const base = Math.floor(numberOf(parsed.toString()) / size) * size;
  return { cidr: `${addressOf(base)}/${prefix}`, family: 4, prefix, base, size };
}

export function contains(subnet: Subnet, address: string): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined || (parsed.kind() === 'ipv4') !== (subnet.family === 4)) return false;
  const [network, prefix] = ipaddr.parseCIDR(subnet.cidr);
  return parsed.match(network as ipaddr.IPv4, prefix);
}

/** An IPv4 address as a number, and back. */
export function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
export function addressOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** First and last host address as numbers: network and broadcast address are left out where a subnet has them. */
export function hostRange(subnet: Subnet): { first: number; last: number } {
  const edge = subnet.size > 2 ? 1 : 0;
  return { first: subnet.base + edge, last: subnet.base + subnet.size - 1 - edge };
}
