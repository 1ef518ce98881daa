import { isIPv4 } from 'node:net';

/** An address as the operating system tells it, without its zone, and IPv4 inside IPv6 (`::ffff:…`) as IPv4. */
export function plainAddress(address: string): string {
  const withoutZone = address.replace(/%.*$/s, '');
  const inside = withoutZone.toLowerCase().startsWith('::ffff:') ? withoutZone.slice(7) : '';
  return isIPv4(inside) ? inside : withoutZone;
}

/** The same, but with the zone: the only form in which a link-local IPv6 address can be called. */
export function callableAddress(address: string): string {
  return address.includes('%') ? address : plainAddress(address);
}
