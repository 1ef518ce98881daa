import { addressOf, isLinkLocal, isWildcard, plainAddress } from '@kith/net';
import type { DefaultGateway } from '../lan.ts';

const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;
const RTF_REJECT = 0x200;
const rows = (text: string) => text.split(/\r?\n/, 16_384);
const words = (row: string) => row.trim().split(/\s+/);

/** Linux `/proc/net/route`: addresses are hexadecimal in the machine's byte order, little-endian wherever Node runs. */
export function parseProcRoute(text: string): DefaultGateway[] {
  return rows(text).flatMap((row) => {
    const [name = '', destination, gateway = '', flags = '', , , metric = '', mask] = words(row);
    const bits = Number.parseInt(flags, 16);
    if (destination !== '00000000' || mask !== '00000000' || !/^[0-9A-F]{8}$/i.test(gateway)) return [];
    if ((bits & RTF_UP) === 0 || (bits & RTF_GATEWAY) === 0 || (bits & RTF_REJECT) !== 0) return [];
    const value = Number.parseInt(gateway.match(/../g)?.reverse().join('') ?? '', 16);
    return [{ interface: name, address: addressOf(value), family: 4, metric: Number(metric) || 0, source: 'system' }];
  });
}

/** Linux `/proc/net/ipv6_route`: destination, its prefix, source, its prefix, next hop, metric, …, flags, device. */
export function parseProcIpv6Route(text: string): DefaultGateway[] {
  return rows(text).flatMap((row) => {
    const [destination = '', prefix, , , hop = '', metric = '', , , flags = '', name = ''] = words(row);
    const bits = Number.parseInt(flags, 16);
    if (!/^0{32}$/.test(destination) || prefix !== '00' || !/^[0-9a-f]{32}$/.test(hop) || /^0+$/.test(hop)) return [];
    if ((bits & RTF_UP) === 0 || (bits & RTF_GATEWAY) === 0 || (bits & RTF_REJECT) !== 0) return [];
    const address = withZone(hop.match(/..../g)?.join(':') ?? '', name);
    if (address === undefined) return [];
    return [{ interface: name, address, family: 6, metric: Number.parseInt(metric, 16), source: 'system' }];
  });
}

/** macOS and BSD `netstat -rn`: `default  192.168.1.1  UGScg  en0`, older ones with counts before the interface. */
export function parseNetstatRoutes(text: string): DefaultGateway[] {
  let order = 0;
  return rows(text).flatMap((row) => {
    const [destination, gateway = '', flags = '', ...rest] = words(row);
    const name = rest.find((word) => /^[a-z][a-z_]*\d+$/i.test(word));
    if (destination !== 'default' || name === undefined || !flags.startsWith('U') || !flags.includes('G')) return [];
    const address = withZone(gateway, name);
    if (address === undefined || /^fe80::(%|$)/.test(address)) return [];
    order += 1;
    return [{ interface: name, address, family: address.includes(':') ? 6 : 4, metric: order, source: 'system' }];
  });
}

/** macOS `route -n get default`: one route, `gateway: 192.168.1.1` and `interface: en0`. */
export function parseRouteGet(text: string): DefaultGateway[] {
  const name = /^\s*interface:\s*(\S+)/m.exec(text)?.[1];
  const gateway = /^\s*gateway:\s*(\S+)/m.exec(text)?.[1];
  const address = name && gateway ? withZone(gateway, name) : undefined;
  if (name === undefined || address === undefined) return [];
  return [{ interface: name, address, family: address.includes(':') ? 6 : 4, metric: 0, source: 'system' }];
}

/**
 * Windows `route print -4`, in any language: `0.0.0.0  0.0.0.0  <gateway>  <own address>  <metric>`. Routes that are on
 * the link or persistent have a word where those have an address. `interfaceAt` names the interface of an own address.
 */
export function parseRoutePrint(
  text: string,
  interfaceAt: (ownAddress: string) => string | undefined,
): DefaultGateway[] {
  return rows(text).flatMap((row) => {
    const [destination, mask, gateway = '', own = '', metric = ''] = words(row);
    if (destination !== '0.0.0.0' || mask !== '0.0.0.0' || !/^\d+$/.test(metric)) return [];
    const address = plainAddress(gateway);
    const name = interfaceAt(own);
    if (address === undefined || isWildcard(address) || name === undefined) return [];
    return [{ interface: name, address, family: 4, metric: Number(metric), source: 'system' }];
  });
}

/** The best route of each interface and family, best first: what `defaultGateways()` gives. */
export function primaryGateways(all: readonly DefaultGateway[]): DefaultGateway[] {
  const seen = new Set<string>();
  return [...all]
    .sort((a, b) => a.family - b.family || a.metric - b.metric)
    .filter((one) => {
      const key = `${one.interface} ${one.family}`;
      return !seen.has(key) && seen.add(key);
    });
}

function withZone(text: string, interfaceName: string): string | undefined {
  const address = plainAddress(text);
  if (address === undefined) return undefined;
  return address.includes(':') && isLinkLocal(address) ? `${address}%${interfaceName}` : address;
}
