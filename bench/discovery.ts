/**
 * A /24 with 19 other devices of which 6 are peers, made of network namespaces: from the ready line of a node to all 6
 * peers verified, beside arp-scan and `nmap -sn` on the same host in the same run. Then the node at rest with its peers:
 * time to ready, memory, CPU. Needs root; traffic stays inside the namespaces.
 *   node bench/discovery.ts [rounds, 5 by default]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KithNode } from '../apps/e2e/src/kith-node.ts';
import { startOnHost } from '../apps/e2e/src/lan-nodes.ts';
import { createLan, hasBinary, type LanHost } from '../libs/testing/src/index.ts';
import { median, printTable } from './table.ts';

const PEERS = 6;
const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
const lan = await createLan({ hosts: 1 + PEERS, silent: 19 - PEERS - 1 });
const nodes: KithNode[] = [];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function untilAllVerified(node: KithNode): Promise<number> {
  const from = performance.now();
  for (;;) {
    const found = (await node.peers()).filter(({ state }) => state === 'alive').length;
    if (found === PEERS) return performance.now() - from;
    if (performance.now() - from > 30_000) throw new Error(`only ${found} peers after 30 s`);
    await pause(5);
  }
}

async function timeCommand(
  host: LanHost,
  command: string,
  args: string[],
  hosts: RegExp,
): Promise<{ ms: number; found: number }> {
  await host.exec('ip', ['neigh', 'flush', 'all']);
  const from = performance.now();
  const output = await host.exec(command, args, { timeoutMs: 60_000 });
  return { ms: performance.now() - from, found: [...output.matchAll(hosts)].length };
}

/** User and system time of a process in seconds, from /proc (clock ticks of 10 ms). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
const residentMib = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const start = (i: number, run: number) =>
  startOnHost({ host: lan.host(i), folder, name: i === 0 ? `asker-${run}` : `peer-${i}` });
/** `ip netns exec` becomes the program that it runs, so that the process we started is the node itself. */
try {
  for (let i = 1; i <= PEERS; i++) nodes.push(await start(i, 0));
  await pause(5000);
  const verified: number[] = [];
  const ready: number[] = [];
  let asker: KithNode | undefined;
  for (let round = 0; round < rounds; round++) {
    await asker?.stop();
    await lan.host(0).exec('ip', ['neigh', 'flush', 'all']);
    asker = await start(0, round);
    ready.push(asker.readyMs);
    verified.push(await untilAllVerified(asker));
  }
  const rows: (string | number)[][] = [
    ['kith: ready line to all 6 peers verified', PEERS, median(verified), Math.max(...verified)],
  ];
  for (const [command, args, hosts] of [
    ['arp-scan', ['--localnet', '--interface=eth0', '--plain'], /^10\.77\.0\.\d+\s/gm],
    ['nmap', ['-sn', '-n', lan.subnet], /Host is up/g],
  ] as const) {
    if (!hasBinary(command)) continue;
    const results = [];
    for (let round = 0; round < rounds; round++)
      results.push(await timeCommand(lan.host(0), command, [...args], hosts));
    const times = results.map(({ ms }) => ms);
    rows.push([
      `${command} ${args.join(' ')}: the whole scan, no identity`,
      median(results.map(({ found }) => found)),
      median(times),
      Math.max(...times),
    ]);
  }
  printTable('Discovery: a /24 with 19 other devices, 6 of them peers (ms)', ['', 'found', 'median', 'max'], rows);

  if (asker) {
    await pause(20_000);
    const before = cpuSeconds(asker.pid);
    const from = performance.now();
    await pause(60_000);
    const share = ((cpuSeconds(asker.pid) - before) / ((performance.now() - from) / 1000)) * 100;
    printTable(
      'A whole node at rest with 6 peers',
      ['', 'value'],
      [
        ['start of the process to ready, median (ms)', median(ready)],
        ['resident memory (MiB)', residentMib(asker.pid)],
        ['CPU over 60 s (% of a core)', share],
      ],
    );
    nodes.push(asker);
  }
} finally {
  await Promise.all(nodes.map((node) => node.stop()));
  await lan.close();
  rmSync(folder, { recursive: true, force: true });
}
