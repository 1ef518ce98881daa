import { normalAddress } from '@kith/lan';

/** One spelling for each address: IPv4 inside IPv6 as IPv4, IPv6 shortened in lower case, the zone kept. Undefined: no address. */
export function canonicalAddress(text: string): string | undefined {
  const address = normalAddress(text);
  const zone = text.includes('%') ? text.slice(text.indexOf('%')) : '';
  return address?.includes(':') ? address + zone : address;
}

/** As it stands in a URL or a Host header, without zone. */
export function hostHeader(address: string, port: number): string {
  const plain = address.replace(/%.*$/s, '');
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

export const isWildcard = (address: string) => address === '::' || address === '0.0.0.0';
