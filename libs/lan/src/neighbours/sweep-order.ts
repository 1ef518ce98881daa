import { addressOf, contains, hostRange, numberOf, type Subnet } from '@kith/net';

/** What a sweep asks unless it is told otherwise: four /24s. */
export const DEFAULT_MAX_HOSTS = 1024;

export interface SweepOrderOptions {
  /** IPv4 subnet. */
  subnet: Subnet;
  /** This machine's addresses: never asked, and their /24s come first. */
  own: readonly string[];
  /** Addresses where a neighbour was seen: their /24s come next. */
  near?: Iterable<string>;
  maxHosts?: number;
  /** Number that decides the mixed order of the rest: another one each time, so that repeated sweeps reach other parts. */
  seed: number;
}

/**
 * The addresses to ask, best first, at most `maxHosts`: own /24s, /24s with a neighbour, then the rest of the range in a
 * pseudo-random order, each address once. `total` counts what there would be without the limit.
 */
export function sweepOrder(options: SweepOrderOptions): { addresses: string[]; total: number } {
  const { subnet, own, near = [], maxHosts = DEFAULT_MAX_HOSTS, seed } = options;
  const { first, last } = hostRange(subnet);
  const inside = (address: string) => contains(subnet, address);
  const ownNumbers = new Set(own.filter(inside).map(numberOf));
  const total = last - first + 1 - [...ownNumbers].filter((one) => one >= first && one <= last).length;
  const addresses: string[] = [];
  const blocks = new Set([...ownNumbers].map(blockOf));
  for (const address of near) if (inside(address)) blocks.add(blockOf(numberOf(address)));
  const take = (value: number) => {
    if (value >= first && value <= last && !ownNumbers.has(value)) addresses.push(addressOf(value));
  };
  for (const block of blocks) {
    for (let value = block; value < block + 256 && addresses.length < maxHosts; value += 1) take(value);
  }
  const bits = Math.log2(subnet.size);
  for (let index = 0; index < subnet.size && addresses.length < Math.min(maxHosts, total); index += 1) {
    const value = subnet.base + mix(index, bits, seed);
    if (!blocks.has(blockOf(value))) take(value);
  }
  return { addresses, total };
}

const blockOf = (value: number) => value - (value % 256);

/** A permutation of the numbers below 2^bits: adding, multiplying by an odd number and xor-shifting each lose nothing. */
function mix(index: number, bits: number, seed: number): number {
  if (bits === 0) return 0;
  const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1;
  const half = Math.max(1, Math.ceil(bits / 2));
  let value = ((index + seed) & mask) >>> 0;
  for (const factor of [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35]) {
    value = (Math.imul(value, factor) & mask) >>> 0;
    value = (value ^ (value >>> half)) >>> 0;
  }
  return value;
}
