import { contains, parseSubnet, type Subnet } from '@kith/net';
import type { Clock } from '@kith/service';
import { assertLocal } from '../assert-local.ts';
import { BadSweepError } from '../errors.ts';
import type { LanInterface, Neighbour, SweepOptions, SweepResult } from '../lan.ts';
import type { NeighbourTable } from './neighbour-table.ts';
import type { Pace } from './pace.ts';
import { createPoke } from './poke.ts';
import { sweepOrder } from './sweep-order.ts';

/**
 * How long to go on reading the table after the last datagram: the kernel asks again after 1 s, so a device that missed
 * the first question (a phone that dozes) is caught by the second.
 */
const LINGER_MS = 1300;
/** Addresses are asked again after the table was full; past this many times something else is wrong. */
const MAX_TABLE_FULL = 5;

export interface SweepParts {
  table: NeighbourTable;
  readTableFulls: () => Promise<number | undefined>;
  pace: Pace;
  clock: Clock;
  seed: number;
}

export async function sweep(
  options: SweepOptions,
  all: readonly LanInterface[],
  { table, readTableFulls, pace, clock, seed }: SweepParts,
): Promise<SweepResult> {
  const startedAt = clock.monotonic();
  const { subnet, from, own } = checked(options, all);
  const { signal, maxHosts, near } = options;
  const before = await table.readIpv4();
  const watch = watchTable({ table, clock, subnet, before, options });
  const { addresses, total } = sweepOrder({
    ...{ subnet, own, seed },
    near: [...before.map(({ address }) => address), ...(near ?? [])],
    ...(maxHosts === undefined ? {} : { maxHosts }),
  });
  const poke = createPoke({ from });
  let next = 0;
  let tableFull = 0;
  let fulls = (await readTableFulls()) ?? 0;
  let safe = 0;
  try {
    while (next < addresses.length && !signal?.aborted) {
      const count = await pace.take(addresses.length - next, signal);
      await poke.send(addresses.slice(next, next + count));
      next += count;
      const now = (await readTableFulls()) ?? 0;
      if (now > fulls && tableFull < MAX_TABLE_FULL) {
        // Some of these datagrams were dropped without a word: from the last known good place again, slower.
        tableFull += 1;
        pace.slowDown();
        next = safe;
      } else safe = next;
      fulls = now;
    }
    await clock.sleep(LINGER_MS, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    poke.close();
    await watch.stop();
  }
  const found = watch.found();
  const elapsedMs = clock.monotonic() - startedAt;
  const { unsent } = poke;
  return { asked: next, left: total - next, found, elapsedMs, tableFull, ...(unsent ? { unsent } : {}) };
}

function checked(options: SweepOptions, all: readonly LanInterface[]) {
  const subnet = parseSubnet(options.subnet);
  if (subnet === undefined || subnet.family !== 4) {
    throw new BadSweepError(`${options.subnet} is not an IPv4 subnet such as 192.168.1.0/24: only those can be swept.`);
  }
  const [network, last] = [subnet.base, subnet.base + subnet.size - 1];
  for (const edge of [network, last]) assertLocal([24, 16, 8, 0].map((s) => Math.floor(edge / 2 ** s) % 256).join('.'));
  const found = all.find(({ name }) => name === options.interface);
  const from = found?.addresses.find((one) => one.family === 4 && contains(subnet, one.address))?.address;
  if (from === undefined) {
    throw new BadSweepError(
      `${options.interface} has no address in ${subnet.cidr}: only what is on its own cable is swept.`,
    );
  }
  const own = all.flatMap(({ addresses }) => addresses.filter(({ family }) => family === 4).map((one) => one.address));
  return { subnet, from, own };
}

interface WatchOptions {
  table: NeighbourTable;
  clock: Clock;
  subnet: Subnet;
  before: readonly Neighbour[];
  options: SweepOptions;
}

/** Reads the table again and again and tells of what is new in it: often at first, less often when nothing comes. */
function watchTable({ table, clock, subnet, before, options }: WatchOptions) {
  const told = new Map<string, string>();
  const tell = (neighbours: readonly Neighbour[], fresh: boolean) => {
    let isNew = false;
    for (const one of neighbours) {
      const isHere = one.interface === undefined || one.interface === options.interface;
      if (!isHere || told.get(one.address) === one.mac || !contains(subnet, one.address)) continue;
      told.set(one.address, one.mac);
      options.onNeighbour({ ...one, fresh });
      isNew = true;
    }
    return isNew;
  };
  tell(before, false);
  const stop = new AbortController();
  const loop = async () => {
    let pauseMs = table.pauseMs;
    while (!stop.signal.aborted) {
      const isNew = tell(await table.readIpv4(), true);
      pauseMs = isNew ? table.pauseMs : Math.min(pauseMs * 1.3, table.pauseMs * 5);
      await clock.sleep(pauseMs, stop.signal).catch(() => {});
    }
    tell(await table.readIpv4(), true);
  };
  const ended = loop();
  return {
    found: () => told.size,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}
