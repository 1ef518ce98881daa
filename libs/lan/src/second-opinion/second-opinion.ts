import { fileURLToPath } from 'node:url';
import { isSweepable, plainAddress } from '@kith/net';
import type { DefaultGateway } from '../lan.ts';
import { normalMac } from '../mac.ts';
import type { System } from '../system/system.ts';

/**
 * The packages `network` and `node-arp` start other programs, without an `error` listener, without a time limit and
 * partly through a shell. So each question to them runs in a short-lived process of its own: what throws, hangs or lacks
 * its programs there is an unanswered question here, nothing more.
 */
const NETWORK_CHILD = fileURLToPath(new URL('./network-child.ts', import.meta.url));
const NODE_ARP_CHILD = fileURLToPath(new URL('./node-arp-child.ts', import.meta.url));
/** `ping` of an address where nobody is takes longest: it gives up after some 3 s. */
const TIMEOUT_MS = 4000;

/** The default gateway of the active interface, as the package `network` sees it; empty where it sees none. */
export async function askNetwork(system: System, timeoutMs = TIMEOUT_MS): Promise<DefaultGateway[]> {
  const answer = await askChild(system, timeoutMs, [NETWORK_CHILD]);
  const { name, gateway_ip } = (answer ?? {}) as Record<string, unknown>;
  const address = typeof gateway_ip === 'string' ? plainAddress(gateway_ip) : undefined;
  if (typeof name !== 'string' || name.length > 80 || address === undefined) return [];
  return [{ interface: name, address, family: address.includes(':') ? 6 : 4, metric: 0, source: 'network' }];
}

/**
 * The MAC of one private IPv4 address, as the package `node-arp` finds it (it pings the address and reads the system's
 * table). Undefined where `ping` or `arp` is missing, or nobody answers.
 */
export async function askNodeArp(system: System, address: string, timeoutMs = TIMEOUT_MS): Promise<string | undefined> {
  if (!isSweepable(address)) return undefined;
  const programs = await Promise.all(['ping', 'arp'].map((name) => system.findProgram(name)));
  if (programs.includes(undefined)) return undefined;
  const answer = await askChild(system, timeoutMs, [NODE_ARP_CHILD, address]);
  const { mac } = (answer ?? {}) as Record<string, unknown>;
  return typeof mac === 'string' ? normalMac(mac) : undefined;
}

async function askChild(system: System, timeoutMs: number, args: readonly string[]): Promise<unknown> {
  const isWindows = system.platform === 'win32';
  const result = await system.run(process.execPath, args, {
    timeoutMs,
    maxBytes: 64 << 10,
    // Windows' programs need the variables that only the whole environment has.
    ...(isWindows ? {} : { env: { PATH: system.programFolders.join(':'), LC_ALL: 'C' } }),
  });
  try {
    return JSON.parse(result?.stdout ?? '');
  } catch {
    return undefined;
  }
}
