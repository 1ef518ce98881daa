import type { Neighbour } from '../lan.ts';
import { interfacesByAddress } from '../routes/default-gateway.ts';
import type { System } from '../system/system.ts';
import { parseArpAn, parseIpNeigh, parseNdpAn, parseProcArp, parseWindowsArp } from './parse-neighbours.ts';

const PROC_ARP = '/proc/net/arp';

export interface NeighbourTable {
  /** Complete entries of both families, without this machine's own. */
  read(): Promise<Neighbour[]>;
  /** IPv4 only, by the cheapest way: what a sweep reads again and again. */
  readIpv4(): Promise<Neighbour[]>;
  /** Milliseconds between two readings that cost next to nothing beside the work. */
  readonly pauseMs: number;
}

export async function openNeighbourTable(system: System): Promise<NeighbourTable> {
  const hasProc = (await system.readText(PROC_ARP)) !== undefined;
  const readIpv4 = async () => withoutOwn(system, hasProc ? await readProc(system) : await readCommand(system));
  return {
    readIpv4,
    read: async () => {
      const [ipv4, more] = await Promise.all([readIpv4(), readMore(system)]);
      return merge(ipv4, withoutOwn(system, more));
    },
    pauseMs: hasProc ? 20 : 250,
  };
}

async function readProc(system: System): Promise<Neighbour[]> {
  return parseProcArp((await system.readText(PROC_ARP)) ?? '');
}

async function readCommand(system: System): Promise<Neighbour[]> {
  const isWindows = system.platform === 'win32';
  const text = await output(system, 'arp', [isWindows ? '-a' : '-an']);
  return isWindows ? parseWindowsArp(text, interfacesByAddress(system)) : parseArpAn(text);
}

/** IPv6, and on Linux how fresh the entries are. */
async function readMore(system: System): Promise<Neighbour[]> {
  if (system.platform === 'darwin') return parseNdpAn(await output(system, 'ndp', ['-an']));
  if (system.platform === 'linux') return parseIpNeigh(await output(system, 'ip', ['-j', 'neigh']));
  return [];
}

async function output(system: System, program: string, args: readonly string[]): Promise<string> {
  const path = await system.findProgram(program);
  const result = path === undefined ? undefined : await system.run(path, args);
  return result?.code === 0 ? result.stdout : '';
}

/** `more` knows better how fresh an entry is. */
function merge(first: readonly Neighbour[], more: readonly Neighbour[]): Neighbour[] {
  const key = ({ address, interface: name }: Neighbour) => `${address} ${name ?? ''}`;
  return [...new Map([...first, ...more].map((one) => [key(one), one])).values()];
}

function withoutOwn(system: System, all: readonly Neighbour[]): Neighbour[] {
  const own = new Set(Object.values(system.networkInterfaces()).flatMap((infos = []) => infos.map((i) => i.address)));
  return all.filter(({ address }) => !own.has(address.split('%', 1)[0] ?? ''));
}

/** How often the kernel found its neighbour table full, summed over the processors; undefined where it does not tell. */
export async function readTableFulls(system: System): Promise<number | undefined> {
  const text = await system.readText('/proc/net/stat/arp_cache');
  const [heading = '', ...rows] = (text ?? '').trim().split('\n');
  const column = heading.trim().split(/\s+/).indexOf('table_fulls');
  if (column < 0) return undefined;
  return rows.reduce((sum, row) => sum + (Number.parseInt(row.trim().split(/\s+/)[column] ?? '', 16) || 0), 0);
}
