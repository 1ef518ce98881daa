import { callableAddress, contains, hostRange, parseSubnet } from '@kith/net';
import { assertLocal } from './assert-local.ts';
import { BadSweepError } from './errors.ts';
import type { DefaultGateway, Lan, LanInterface, Neighbour, NetworkChange, SweepOptions } from './lan.ts';
import { DEFAULT_MAX_HOSTS } from './neighbours/sweep-order.ts';

export interface MemoryLan extends Lan {
  /** Plugs a device in: it answers to the next sweep or look-up. */
  plug(neighbour: Omit<Neighbour, 'fresh'>): void;
  /** Unplugs it; the neighbour table remembers it, as real ones do. */
  unplug(address: string): void;
  /** Replaces the interfaces, and tells those who watch. */
  setInterfaces(interfaces: readonly LanInterface[]): void;
  /** The machine wakes from a sleep. */
  wake(sleptMs: number): void;
  /** What was swept so far: `eth0 192.168.1.0/24`. */
  readonly swept: readonly string[];
}

export interface MemoryLanOptions {
  interfaces: readonly LanInterface[];
  defaultGateways?: readonly DefaultGateway[];
  neighbours?: readonly Omit<Neighbour, 'fresh'>[];
  /** What the table holds before anything was asked. */
  remembered?: readonly Neighbour[];
}

/** A LAN without a network: for tests of what is built on the port. Sends nothing. */
export function createMemoryLan(options: MemoryLanOptions): MemoryLan {
  let interfaces = [...options.interfaces];
  const there = new Map((options.neighbours ?? []).map((one) => [one.address, one]));
  const table = new Map((options.remembered ?? []).map((one) => [one.address, one]));
  const listeners = new Set<(change: NetworkChange) => void>();
  const swept: string[] = [];
  const tell = (change: NetworkChange) => {
    for (const listener of [...listeners]) listener(change);
  };
  const resolve = (address: string): Neighbour | undefined => {
    const one = there.get(address);
    if (one) table.set(address, { ...one, fresh: true });
    return one && { ...one, fresh: true };
  };

  const sweep = async ({ interface: name, subnet: cidr, signal, onNeighbour, maxHosts }: SweepOptions) => {
    const subnet = parseSubnet(cidr);
    if (subnet === undefined || subnet.family !== 4) throw new BadSweepError(`${cidr} is not an IPv4 subnet`);
    assertLocal(subnet.cidr.split('/', 1)[0] ?? '');
    const one = interfaces.find((candidate) => candidate.name === name);
    const own = one?.addresses.filter(({ address }) => contains(subnet, address)) ?? [];
    if (own.length === 0) throw new BadSweepError(`${name} has no address in ${cidr}`);
    swept.push(`${name} ${cidr}`);
    const { first, last } = hostRange(subnet);
    const total = last - first + 1 - own.length;
    const asked = Math.min(total, maxHosts ?? DEFAULT_MAX_HOSTS);
    const known = new Set(table.keys());
    for (const neighbour of table.values())
      if (contains(subnet, neighbour.address)) onNeighbour({ ...neighbour, fresh: false });
    let found = [...known].filter((address) => contains(subnet, address)).length;
    for (const { address, mac } of [...there.values()]) {
      await Promise.resolve();
      if (signal?.aborted) break;
      if (!contains(subnet, address) || (there.get(address)?.interface ?? name) !== name) continue;
      const isNews = table.get(address)?.mac !== mac;
      const neighbour = resolve(address);
      if (neighbour === undefined || !isNews) continue;
      onNeighbour(neighbour);
      if (!known.has(address)) found += 1;
    }
    return { asked, left: total - asked, found, elapsedMs: 0, tableFull: 0 };
  };

  return {
    swept,
    interfaces: async () => [...interfaces],
    defaultGateways: async () => [...(options.defaultGateways ?? [])],
    neighbours: async () => [...table.values()].map((one) => ({ ...one, fresh: false })),
    lookUp: async (text) => {
      assertLocal(text);
      const address = callableAddress(text) ?? text;
      const known = table.get(address);
      return known ? { ...known, fresh: false } : resolve(address);
    },
    sweep,
    watchChanges: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => listeners.clear(),
    plug: (neighbour) => void there.set(neighbour.address, neighbour),
    unplug: (address) => void there.delete(address),
    setInterfaces: (next) => {
      const names = new Set([...interfaces, ...next].map(({ name }) => name));
      const text = (all: readonly LanInterface[], name: string) => JSON.stringify(all.find((one) => one.name === name));
      const changed = [...names].filter((name) => text(interfaces, name) !== text(next, name));
      interfaces = [...next];
      if (changed.length > 0) tell({ type: 'addresses', interfaces: changed.sort() });
    },
    wake: (sleptMs) => tell({ type: 'wake', sleptMs }),
  };
}
