/**
 * A whole node with 6 peers on a made-up LAN: time from the start of the process to its ready line, then memory and CPU
 * while nothing happens. The bare Node process beside it. Needs root; traffic stays inside the namespaces.
 *   node bench/node-at-rest.ts [starts, 7 by default]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KithNode } from '../apps/e2e/src/nodes/kith-node.ts';
import { startOnHost } from '../apps/e2e/src/nodes/lan-nodes.ts';
import { createLan } from '../libs/testing/src/index.ts';
import { median, printTable } from './table.ts';

const PEERS = 6;
const SETTLE_MS = 30_000;
const REST_MS = 60_000;
const starts = Number(process.argv[2] ?? 7);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** User and system time of a process in seconds, from /proc (clock ticks of 10 ms). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
const residentMib = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
const lan = await createLan({ hosts: 1 + PEERS });
const nodes: KithNode[] = [];
const start = (i: number) => startOnHost({ host: lan.host(i), folder, name: `node-${i}` });
try {
  for (let i = 1; i <= PEERS; i++) nodes.push(await start(i));
  const ready: number[] = [];
  let node: KithNode | undefined;
  for (let i = 0; i < starts; i++) {
    await node?.stop();
    node = await start(0);
    ready.push(node.readyMs);
  }
  if (!node) throw new Error('at least one start is needed');
  nodes.push(node);
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' });
  await pause(SETTLE_MS);
  const before = cpuSeconds(node.pid);
  const from = performance.now();
  await pause(REST_MS);
  const share = ((cpuSeconds(node.pid) - before) / ((performance.now() - from) / 1000)) * 100;
  const peers = (await node.peers()).filter(({ state }) => state === 'alive').length;
  printTable(
    `A whole node at rest with ${peers} peers`,
    ['', 'Kith', 'bare Node process'],
    [
      [`start to ready, median of ${starts} (ms)`, median(ready), '–'],
      ['resident memory (MiB)', residentMib(node.pid), residentMib(bare.pid ?? 0)],
      ['CPU over 60 s (% of a core)', share, 0],
    ],
  );
  bare.kill();
} finally {
  await Promise.all(nodes.map((node) => node.stop()));
  await lan.close();
  rmSync(folder, { recursive: true, force: true });
}
