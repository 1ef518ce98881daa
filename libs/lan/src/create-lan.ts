import { contains, parseSubnet, plainAddress } from '@kith/net';
import { type Clock, type Log, silentLog, systemClock } from '@kith/service';
import { assertLocal } from './assert-local.ts';
import type { InterfaceChoice } from './interfaces/choose-interface.ts';
import { readInterfaces } from './interfaces/interfaces.ts';
import type { Lan, Neighbour } from './lan.ts';
import { openNeighbourTable, readTableFulls } from './neighbours/neighbour-table.ts';
import { createPace } from './neighbours/pace.ts';
import { createPoke } from './neighbours/poke.ts';
import { sweep } from './neighbours/sweep.ts';
import { readDefaultGateways } from './routes/default-gateway.ts';
import { askNodeArp } from './second-opinion/second-opinion.ts';
import { hostSystem, type System } from './system/system.ts';
import { watchChanges } from './system/watch-changes.ts';

export interface LanOptions extends InterfaceChoice {
  clock?: Clock;
  log?: Log;
  /** Another than this machine's, for tests. */
  system?: System;
}

/** How long one address has to answer a poke: a LAN does in a millisecond, a dozing phone in some hundreds. */
const LOOK_UP_MS = 500;

/** The LAN of this machine. Does nothing until it is asked; all its sweeps share one pace. */
export function createLan(options: LanOptions = {}): Lan {
  const { clock = systemClock, log = silentLog, system = hostSystem(), ...choice } = options;
  const closing = new AbortController();
  const sweeps = new Set<Promise<unknown>>();
  const pace = createPace({ clock });
  let table: ReturnType<typeof openNeighbourTable> | undefined;
  const openTable = () => {
    table ??= openNeighbourTable(system);
    return table;
  };

  const defaultGateways = () => readDefaultGateways(system);
  const interfaces = async () => {
    // Only Windows' names leave it open which adapter carries the LAN; elsewhere the question costs nothing to skip.
    const gateways = system.platform === 'win32' ? await defaultGateways() : [];
    return readInterfaces(system, { choice, withGateway: new Set(gateways.map((one) => one.interface)) });
  };

  const inTable = async (address: string): Promise<Neighbour | undefined> =>
    (await (await openTable()).readIpv4()).find((one) => one.address === address);

  const lookUp = async (text: string): Promise<Neighbour | undefined> => {
    assertLocal(text);
    const address = plainAddress(text) ?? text;
    if (address.includes(':')) return (await (await openTable()).read()).find((one) => one.address === text);
    const known = await inTable(address);
    if (known) return known;
    const on = (await interfaces()).flatMap(({ name, kind, addresses }) =>
      kind === 'loopback' ? [] : addresses.map((own) => ({ name, own, subnet: parseSubnet(own.subnet) })),
    );
    const link = on.find(({ own, subnet }) => own.address !== address && subnet && contains(subnet, address));
    if (link === undefined || on.some(({ own }) => own.address === address)) return undefined;
    const poked = await pokeOne(link.own.address, address);
    if (poked) return { ...poked, fresh: true };
    const mac = await askNodeArp(system, address);
    if (mac === undefined) log.debug({ address }, 'nobody answers to ARP there');
    return mac === undefined ? undefined : { address, mac, interface: link.name, fresh: true };
  };

  const pokeOne = async (from: string, address: string): Promise<Neighbour | undefined> => {
    const { pauseMs } = await openTable();
    const poke = createPoke({ from });
    try {
      await pace.take(1, closing.signal);
      await poke.send([address]);
      for (const until = clock.monotonic() + LOOK_UP_MS; clock.monotonic() < until; ) {
        await clock.sleep(pauseMs, closing.signal);
        const found = await inTable(address);
        if (found) return found;
      }
    } catch (error) {
      log.debug({ err: error, address }, 'a poke could not be sent');
    } finally {
      poke.close();
    }
    return undefined;
  };

  return {
    interfaces,
    defaultGateways,
    neighbours: async () => (await openTable()).read(),
    lookUp,
    sweep: async (asked) => {
      const signal = asked.signal ? AbortSignal.any([asked.signal, closing.signal]) : closing.signal;
      const seed = Math.floor(Math.random() * 2 ** 31);
      const parts = { table: await openTable(), readTableFulls: () => readTableFulls(system), pace, clock, seed };
      const running = sweep({ ...asked, signal }, await interfaces(), parts);
      const settled = running.catch(() => {});
      sweeps.add(settled);
      settled.finally(() => sweeps.delete(settled));
      const result = await running;
      if (result.tableFull > 0) log.warn({ subnet: asked.subnet, ...result }, 'the neighbour table was full');
      return result;
    },
    watchChanges: (listener) => {
      const unwatch = new AbortController();
      watchChanges({ system, clock, signal: AbortSignal.any([unwatch.signal, closing.signal]) }, listener);
      return () => unwatch.abort();
    },
    close: async () => {
      closing.abort();
      await Promise.all(sweeps);
    },
  };
}
