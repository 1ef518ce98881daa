import { callableAddress, isLocal } from '@kith/net';
import { flagSchema, listSchema, setting, sharedSettings, type Values } from '@kith/service';
import { wholeNumber } from '@kith/wire';
import { z } from 'zod';

export interface Seed {
  readonly address: string;
  readonly pingbackPort?: number;
}

const seed = z.string().transform((text, context): Seed => {
  const found = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text);
  const port = found?.[3] === undefined ? undefined : Number(found[3]);
  const address = callableAddress(found?.[1] ?? found?.[2] ?? text);
  if (address === undefined || (port !== undefined && (port < 1 || port > 65_535))) {
    context.addIssue({
      code: 'custom',
      message: 'accepted: IP addresses such as 192.168.1.20, 192.168.1.20:5800 or [fd00::20]:5800',
    });
    return z.NEVER;
  }
  if (!isLocal(address)) {
    context.addIssue({
      code: 'custom',
      message: `${address} is no private address: this program never calls the internet`,
    });
    return z.NEVER;
  }
  return { address, ...(port === undefined ? {} : { pingbackPort: port }) };
});

const whole = (min: number, max: number, defaultValue: number) => wholeNumber({ min, max }).default(defaultValue);

export const scannerSettings = {
  dataDirectory: sharedSettings.dataDirectory,
  ownerUids: sharedSettings.ownerUids,
  bind: sharedSettings.bind,
  nameAsSet: sharedSettings.nameAsSet,
  pingbackPort: sharedSettings.pingbackPort,
  logLevel: sharedSettings.logLevel,
  seeds: setting(
    'KITH_SEEDS',
    listSchema(seed),
    'Addresses where peers may be that no sweep reaches, as address or address:port, separated by commas. Default: none.',
  ),
  sweep: setting(
    'KITH_SWEEP',
    flagSchema(true),
    'Whether the addresses of the own subnets are tried. Off: only known peers, askers, seeds and the neighbour table. Default: on.',
  ),
  sweepIntervalMs: setting(
    'KITH_SWEEP_INTERVAL_MS',
    whole(10_000, 24 * 60 * 60_000, 5 * 60_000),
    'Pause between two sweeps in milliseconds, ±20 %. Default: 300000, for peers find each other without it once they have met.',
  ),
  interfaces: setting(
    'KITH_INTERFACES',
    listSchema(z.string().max(64)),
    'Network interfaces to be used, separated by commas; any kind. Default: every wired and wireless one, no VPN, container or virtual one.',
  ),
  maxHosts: setting(
    'KITH_MAX_HOSTS',
    whole(1, 65_536, 1024),
    'Addresses that one sweep tries on one subnet at most. Default: 1024, which takes 10 s at 100 addresses a second.',
  ),
} as const;
export type ScannerSettings = Values<typeof scannerSettings>;

/** One pingback call, in milliseconds: until it is connected, and as a whole. A LAN answers in single milliseconds. */
export const CONNECT_MS = 400;
export const PROBE_MS = 1000;
/** Headers of an answer, in bytes. */
export const HEADER_BYTES = 4096;
/** Calls at once: in a sweep, in looking back, in the watch; apart, so that silent hosts found by one delay no other. */
export const PROBES_AT_ONCE = 64;
export const LOOKS_AT_ONCE = 32;
export const WATCH_AT_ONCE = 64;
/** Addresses that wait for a look back. More than that is an attack or a broken peer; sweeps find who was dropped. */
export const LOOK_QUEUE = 256;
/** Subnets that are swept side by side; they share one pace. */
export const SUBNETS_AT_ONCE = 8;
/** A look back at one address at most once in this time, in milliseconds. */
export const LOOK_PAUSE_MS = 1000;
/** Longest pause between two probes of a trusted peer that is away, in milliseconds: it is asked for ever. */
export const TRUSTED_PAUSE_MS = 30_000;
/** While no peer at all is alive, the fault may be here: those seen last are asked this often, in milliseconds. */
export const ALONE_PAUSE_MS = 1000;
export const ALONE_PEERS = 3;
