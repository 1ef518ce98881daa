import ipaddr from 'ipaddr.js';

export type ParsedAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** IPv4 inside IPv6 as IPv4; a zone is left out. Undefined for anything but an IP literal: no `10.1`, no `0x0a000001`. */
export function parseAddress(text: string | undefined): ParsedAddress | undefined {
  const bare = text?.split('%', 1)[0] ?? '';
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return undefined;
  return ipaddr.process(bare);
}

/**
 * The one spelling in which addresses are compared, counted and signed: an IP literal without its zone, IPv6 in its
 * shortest form (RFC 5952), an IPv4-mapped address as IPv4. Undefined for anything else.
 */
export function plainAddress(text: string | undefined): string | undefined {
  return parseAddress(text)?.toString();
}

/** The same with the zone that an IPv6 address was given: the only form in which a link-local one can be called. */
export function callableAddress(text: string): string | undefined {
  const plain = plainAddress(text);
  const zone = text.includes('%') ? text.slice(text.indexOf('%')) : '';
  return plain?.includes(':') ? plain + zone : plain;
}

/** As it stands in a URL or a Host header: an IPv6 address in brackets, no zone. */
export function hostPort(address: string, port: number): string {
  const plain = plainAddress(address) ?? address;
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}
