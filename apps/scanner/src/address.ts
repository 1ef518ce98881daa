import ipaddr from 'ipaddr.js';

/** One spelling for each address: IPv4 inside IPv6 as IPv4, IPv6 shortened in lower case, the zone kept. Undefined: no address. */
export function canonicalAddress(text: string): string | undefined {
  const [plain = '', zone] = text.split('%', 2);
  // Only four parts: "127.1" and "017.0.0.1" mean different hosts to different programs.
  const isSpelled = plain.includes(':') ? ipaddr.IPv6.isValid(plain) : ipaddr.IPv4.isValidFourPartDecimal(plain);
  if (!isSpelled) return undefined;
  const address = ipaddr.process(plain).toString();
  return zone !== undefined && zone !== '' && address.includes(':') ? `${address}%${zone}` : address;
}

const PRIVATE_RANGES: ReadonlySet<string> = new Set(['private', 'linkLocal', 'loopback', 'uniqueLocal']);

/** Whether an address may be called at all: RFC 1918, link-local, unique local, loopback. Takes a canonical address. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/%.*$/s, '');
  return ipaddr.isValid(plain) && PRIVATE_RANGES.has(ipaddr.parse(plain).range());
}

/** As it stands in a URL or a Host header, without zone. */
export function hostHeader(address: string, port: number): string {
  const plain = address.replace(/%.*$/s, '');
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

export const isWildcard = (address: string) => address === '::' || address === '0.0.0.0';
