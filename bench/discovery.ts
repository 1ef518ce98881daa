/**
 * A /24 of network namespaces with 19 other devices of which 6 are peers: from the ready line of a whole node to all 6
 * verified, beside arp-scan and nmap -sn from the same host. Root on Linux.
 *   node bench/discovery.ts [rounds, 5 by default]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOnHost } from '../apps/e2e/src/nodes/lan-nodes.ts';
import { createLan, hasBinary, type LanHost, waitFor } from '../libs/testing/src/index.ts';
import { median, printTable } from './table.ts';

const PEERS = 6;
/** The devices besides: 12 with every port closed, and the default gateway. */
const SILENT = 12;
const OTHERS = PEERS + SILENT + 1;
const rounds = Number(process.argv[2] ?? 5);

interface Sample {
  readonly ms: number;
  readonly found: number;
}

const lan = await createLan({ hosts: PEERS + 1, silent: SILENT });
const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
const here = lan.host(0);
try {
  const peers = await Promise.all(
    lan.hosts.slice(1).map((host) => startOnHost({ host, folder, name: host.name, env: { KITH_SWEEP: 'off' } })),
  );
  const verified: Sample[] = [];
  const fromStart: Sample[] = [];
  const devices: Sample[] = [];
  const arpScan: Sample[] = [];
  const nmap: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    await forgetNeighbours(here);
    const sample = await timeNode(round);
    verified.push(sample.verified);
    fromStart.push(sample.fromStart);
    devices.push(sample.devices);
    await forgetNeighbours(here);
    if (hasBinary('arp-scan'))
      arpScan.push(await timeProgram('arp-scan', ['--interface=eth0', '--localnet'], /^10\.77\.0\.\d+\t/gm));
    await forgetNeighbours(here);
    if (hasBinary('nmap'))
      nmap.push(await timeProgram('nmap', ['-sn', '-n', lan.subnet], /^Nmap scan report for \S+/gm, 1));
  }
  await Promise.all(peers.map((peer) => peer.stop()));
  printTable(`Discovery: a /24, ${OTHERS} other devices, ${PEERS} of them peers, ${rounds} rounds`, head(), [
    row(`Kith: ready line → ${PEERS} peers verified`, verified, PEERS),
    row(`Kith: start of the process → ${PEERS} peers verified`, fromStart, PEERS),
    row(`Kith: ready line → all ${OTHERS} devices listed`, devices, OTHERS),
    row('arp-scan --localnet (devices only)', arpScan, OTHERS),
    row('nmap -sn (devices only)', nmap, OTHERS),
  ]);
} finally {
  await lan.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A fresh node on the first host, with a data directory of its own. */
async function timeNode(round: number): Promise<Record<'verified' | 'fromStart' | 'devices', Sample>> {
  const startedAt = Date.now();
  const node = await startOnHost({ host: here, folder, name: `round-${round}` });
  // By the node's own log of events, so that asking does not count; negative: before its ready line was read.
  const readyAt = Date.now();
  try {
    const found = async (type: string, count: number) => {
      const events = (await node.events()).filter((event) => event.type === type);
      return events.length >= count && events;
    };
    const peersFound = await waitFor(() => found('peer-found', PEERS), { what: 'six peers', timeoutMs: 15_000 });
    const devicesFound = await waitFor(() => found('device-found', OTHERS), { what: 'all devices', timeoutMs: 15_000 });
    const last = (events: { at: number }[]) => Math.max(...events.map(({ at }) => at));
    return {
      verified: { ms: last(peersFound) - readyAt, found: peersFound.length },
      fromStart: { ms: last(peersFound) - startedAt, found: peersFound.length },
      devices: { ms: last(devicesFound) - readyAt, found: devicesFound.length },
    };
  } finally {
    await node.stop();
  }
}

async function timeProgram(command: string, args: string[], line: RegExp, besides = 0): Promise<Sample> {
  const from = performance.now();
  const output = await here.exec(command, args, { timeoutMs: 60_000 });
  // arp-scan lists an address once more for each further answer.
  const lines = new Set([...output.matchAll(line)].map(([text]) => text));
  return { ms: performance.now() - from, found: lines.size - besides };
}

/** Everybody starts with an empty neighbour table. */
async function forgetNeighbours(host: LanHost): Promise<void> {
  await host.exec('ip', ['neigh', 'flush', 'all']);
}

function head(): string[] {
  return ['', 'median ms', 'worst ms', 'found in the worst round'];
}

function row(what: string, samples: readonly Sample[], wanted: number): (string | number)[] {
  if (samples.length === 0) return [what, 'not installed', '', ''];
  const ms = samples.map((one) => Math.round(one.ms));
  return [what, median(ms), Math.max(...ms), `${Math.min(...samples.map(({ found }) => found))} of ${wanted}`];
}
