import type { Lan, Neighbour, SweepResult } from '@kith/lan';
import { codeOf, type Log } from '@kith/service';
import { SUBNETS_AT_ONCE } from '../config.ts';
import { createSlots } from '../slots.ts';
import type { UsableInterface } from './usable-interfaces.ts';

export interface FindDevicesOptions {
  lan: Lan;
  interfaces: readonly UsableInterface[];
  maxHosts: number;
  /** Addresses that were seen before: what lies near them is tried early where a subnet is large. */
  near: readonly string[];
  onDevice: (neighbour: Neighbour) => void;
  log: Log;
  signal: AbortSignal;
}

export interface Swept {
  /** Addresses that were asked. */
  readonly addresses: number;
  /** How often the system's neighbour table was full meanwhile. */
  readonly tableFulls: number;
  /** Subnets of which only a part was asked. */
  readonly partly: readonly { readonly subnet: string; readonly tried: number; readonly hosts: number }[];
  /** Questions that this machine itself did not let out. */
  readonly unsent?: { readonly count: number; readonly code: string };
}

/** Sweeps the subnets of all used interfaces. One that cannot be swept is a log line and holds up no other. */
export async function findDevices(options: FindDevicesOptions): Promise<Swept> {
  const { lan, interfaces, maxHosts, near, onDevice: onNeighbour, log, signal } = options;
  const slots = createSlots(SUBNETS_AT_ONCE);
  const subnets = new Map<string, string>();
  for (const { name, subnets: all } of interfaces)
    for (const subnet of all) subnets.set(subnet, subnets.get(subnet) ?? name);
  const sweepOne = async (subnet: string, name: string): Promise<[string, SweepResult] | undefined> => {
    if (signal.aborted) return undefined;
    try {
      return [subnet, await lan.sweep({ interface: name, subnet, maxHosts, near, onNeighbour, signal })];
    } catch (error) {
      log.warn({ err: error, code: codeOf(error), interface: name, subnet }, 'a subnet cannot be swept');
      return undefined;
    }
  };
  const all = await Promise.all([...subnets].map(([subnet, name]) => slots(() => sweepOne(subnet, name))));
  const done = all.filter((one) => one !== undefined);
  const unsent = done.map(([, result]) => result.unsent).find((one) => one !== undefined);
  return {
    addresses: done.reduce((sum, [, { asked }]) => sum + asked, 0),
    tableFulls: done.reduce((sum, [, { tableFull }]) => sum + tableFull, 0),
    partly: done
      .filter(([, { left }]) => left > 0)
      .map(([subnet, { asked, left }]) => ({ subnet, tried: asked, hosts: asked + left })),
    ...(unsent ? { unsent } : {}),
  };
}
