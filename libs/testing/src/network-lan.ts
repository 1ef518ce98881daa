import { ipBatch, kill, namespacesWith, newPrefix, removeNamespaces, removeStaleNamespaces } from './namespaces.ts';
import { isRoot } from './needs.ts';
import { createHost, type HostPlace, hostLines, type LanHost } from './network-host.ts';

export interface LanOptions {
  /** Hosts on which a test runs something, with the addresses .1, .2, … of the subnet. */
  hosts: number;
  /** Devices that answer to ARP and have every port closed, with the addresses after those. */
  silent?: number;
  /** Default `10.77.0.0/24`. LANs are apart from each other, so all may have the same. */
  subnet?: string;
}

export interface Lan {
  readonly subnet: string;
  readonly prefix: number;
  readonly switchNamespace: string;
  readonly hosts: readonly LanHost[];
  readonly silent: readonly LanHost[];
  /** Everybody's default gateway, with the last address of the subnet. */
  readonly router: LanHost;
  host(index: number): LanHost;
  /** The nth address of the subnet. */
  addressOf(n: number): string;
  /** Ends what runs on the hosts and removes everything; may be called twice. */
  close(): Promise<void>;
}

/** Every namespace of this process, removed at its end however the test ends. */
const open = new Map<string, Set<number>>();
let isExitWatched = false;

/**
 * A local network of Linux network namespaces: each host has a cable to a switch, which is a namespace too, so that
 * nothing of it is in the machine's own. Needs root and `ip`; 20 hosts take about a second.
 */
export async function createLan({
  hosts: count,
  silent: silentCount = 0,
  subnet = '10.77.0.0/24',
}: LanOptions): Promise<Lan> {
  if (process.platform !== 'linux' || !isRoot()) throw new Error('a LAN of namespaces needs root on Linux');
  removeStaleNamespaces();
  removeAtExit();
  const { base, prefix, size } = parse(subnet);
  if (count + silentCount > size - 3) throw new RangeError(`${subnet} is too small for ${count + silentCount} hosts`);
  const addressOf = (n: number) => toText(base + n);
  const own = newPrefix();
  const children = new Set<number>();
  open.set(own, children);
  const switchNamespace = `${own}switch`;
  const router = addressOf(size - 2);
  const places: HostPlace[] = [
    ...Array.from({ length: count }, (_, i) => ({ name: `h${i}`, address: addressOf(i + 1) })),
    ...Array.from({ length: silentCount }, (_, i) => ({ name: `silent${i}`, address: addressOf(count + i + 1) })),
    { name: 'router', address: router },
  ].map(({ name, address }) => {
    return { name, address, prefix, router, switchNamespace, children, namespace: own + name, port: `p-${name}` };
  });
  try {
    await build(places, switchNamespace);
  } catch (error) {
    close(own);
    throw error;
  }
  const all = places.map(createHost);
  const last = all.at(-1) as LanHost;
  return {
    subnet,
    prefix,
    switchNamespace,
    hosts: all.slice(0, count),
    silent: all.slice(count, -1),
    router: last,
    host: (index) => {
      const host = index < count ? all[index] : undefined;
      if (host === undefined) throw new RangeError(`there is no host ${index}: this LAN has ${count}`);
      return host;
    },
    addressOf,
    close: async () => close(own),
  };
}

async function build(places: readonly HostPlace[], switchNamespace: string): Promise<void> {
  await ipBatch([switchNamespace, ...places.map(({ namespace }) => namespace)].map((name) => `netns add ${name}`));
  const cables = places.flatMap(({ namespace, port }) => [
    `link add ${port} type veth peer name eth0 netns ${namespace}`,
    `link set ${port} master br0 up`,
  ]);
  await ipBatch(['link add br0 type bridge forward_delay 0', 'link set br0 up', ...cables], switchNamespace);
  await Promise.all(places.map((place) => ipBatch(hostLines(place), place.namespace)));
}

function close(own: string): void {
  // A child that has not entered its namespace yet is not found there, and would go on in one without a name.
  for (const pid of open.get(own) ?? []) kill(pid);
  removeNamespaces(namespacesWith(own));
  open.delete(own);
}

function removeAtExit(): void {
  if (isExitWatched) return;
  isExitWatched = true;
  process.on('exit', () => {
    for (const own of open.keys()) close(own);
  });
}

function parse(subnet: string): { base: number; prefix: number; size: number } {
  const [, address = '', bits = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(subnet) ?? [];
  const prefix = Number(bits);
  if (!/^(10|172|192)\./.test(address) || prefix < 8 || prefix > 29)
    throw new RangeError(`${subnet} is no private subnet`);
  const size = 2 ** (32 - prefix);
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base: value - (value % size), prefix, size };
}

const toText = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
