import { isLinkLocal, plainAddress } from '@kith/net';
import type { Neighbour } from '../lan.ts';
import { normalMac } from '../mac.ts';

/** Rows past this are not read: a neighbour table has a thousand entries, not a million. */
const MAX_ROWS = 16_384;

const rows = (text: string) => text.split(/\r?\n/, MAX_ROWS);
const words = (row: string) => row.trim().split(/\s+/);

function entry(address: string, mac: string, interfaceName?: string, fresh = false): Neighbour[] {
  const literal = plainAddress(address);
  const hardware = normalMac(mac);
  if (literal === undefined || hardware === undefined) return [];
  const zone = literal.includes(':') && isLinkLocal(literal) && interfaceName ? `%${interfaceName}` : '';
  return [
    {
      address: literal + zone,
      mac: hardware,
      fresh,
      ...(interfaceName === undefined ? {} : { interface: interfaceName }),
    },
  ];
}

/** Linux `/proc/net/arp`: `address, type, flags, MAC, mask, device`; flag 0x2 means complete, others are unanswered. */
export function parseProcArp(text: string): Neighbour[] {
  return rows(text).flatMap((row) => {
    const [address = '', , flags = '', mac = '', , device] = words(row);
    return (Number(flags) & 2) === 2 ? entry(address, mac, device) : [];
  });
}

/** Linux `ip -j neigh` (iproute2): both families, and the kernel's own word for how fresh an entry is. */
export function parseIpNeigh(text: string): Neighbour[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_ROWS).flatMap((row: unknown) => {
    const { dst, lladdr, dev, state } = (row ?? {}) as Record<string, unknown>;
    const states = Array.isArray(state) ? state : [];
    if (typeof dst !== 'string' || typeof lladdr !== 'string' || typeof dev !== 'string') return [];
    if (states.includes('FAILED') || states.includes('INCOMPLETE')) return [];
    return entry(dst, lladdr, dev, states.includes('REACHABLE'));
  });
}

/** macOS and BSD `arp -an`: `? (192.168.1.1) at 0:19:99:50:3a:3 on en0 ifscope [ethernet]`; `(incomplete)` is no MAC. */
export function parseArpAn(text: string): Neighbour[] {
  return rows(text).flatMap((row) => {
    const found = /\(([0-9.]+)\) at ([0-9a-fA-F:]+) on ([\w.-]+)/.exec(row);
    return found ? entry(found[1] ?? '', found[2] ?? '', found[3]) : [];
  });
}

/** macOS `ndp -an`: `fe80::1%en0  0:19:99:50:3a:3  en0  23h59m  S  R`. */
export function parseNdpAn(text: string): Neighbour[] {
  return rows(text).flatMap((row) => {
    const [address = '', mac = '', interfaceName] = words(row);
    return address.includes(':') ? entry(address, mac, interfaceName) : [];
  });
}

/**
 * Windows `arp -a`, in any language and code page: only addresses and MACs are read. A heading names the address of
 * the interface that the rows below belong to; `interfaceAt` gives its name.
 */
export function parseWindowsArp(text: string, interfaceAt: (ownAddress: string) => string | undefined): Neighbour[] {
  let current: string | undefined;
  return rows(text).flatMap((row) => {
    const heading = /(\d+\.\d+\.\d+\.\d+)\s+-+\s+0x[0-9a-fA-F]+/.exec(row);
    if (heading) {
      current = interfaceAt(heading[1] ?? '');
      return [];
    }
    const [address = '', mac = ''] = words(row);
    return entry(address, mac, current);
  });
}
