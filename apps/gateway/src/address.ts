import { isIPv4 } from 'node:net';

/** An address as the rules compare it: IPv4 inside IPv6 as IPv4, no zone. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  const text = address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;
  const zone = text.indexOf('%');
  return zone < 0 ? text : text.slice(0, zone);
}

export function isLoopback(plain: string): boolean {
  return plain === '::1' || (plain.startsWith('127.') && isIPv4(plain));
}
