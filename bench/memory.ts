/**
 * Memory of a whole node, all of its processes, while it indexes. In a network namespace of its own, without peers, with
 * a copy of the node program, so that no other process of the machine shares pages with it; needs root on Linux, and 5 GB
 * of disk for the largest file.
 *   node bench/memory.ts [rounds, 3 by default] [numbers of cases, all by default]
 */
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOnHost } from '../apps/e2e/src/nodes/lan-nodes.ts';
import { createLan, type LanHost } from '../libs/testing/src/index.ts';
import { makeDocument, writeDocuments } from './corpus.ts';
import { type Memory, MemoryCgroup, MemoryWatch } from './node-memory.ts';
import { median, printTable } from './table.ts';

interface Case {
  readonly what: string;
  readonly documents: number;
  readonly write: (folder: string) => void;
}

interface Run {
  readonly peak: Memory;
  readonly seconds: number;
}

const texts = (count: number, megabytes: number): Case => ({
  what: `${count} text files of ${megabytes} MB`,
  documents: count,
  write: (folder) => {
    for (let i = 0; i < count; i++) writeText(join(folder, `${i}.txt`), i, megabytes * 1e6);
  },
});
const CASES: readonly Case[] = [
  { what: 'nothing shared', documents: 0, write: () => {} },
  texts(42, 3.5),
  texts(20, 5),
  texts(10, 20),
  texts(1, 2_000),
  {
    what: '20,000 text files of 6 kB',
    documents: 20_000,
    write: (folder) => writeDocuments(folder, { seed: 1, count: 20_000 }),
  },
];

const rounds = Number(process.argv[2] ?? 3);
const wanted = process.argv.slice(3).map((number) => CASES[Number(number)]);
const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
const program = join(folder, 'node');
copyFileSync(process.execPath, program);
const rows: (string | number)[][] = [];
try {
  for (const one of wanted.length > 0 ? wanted : CASES) {
    if (one === undefined) continue;
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    one.write(shared);
    const runs: Run[] = [];
    for (let round = 0; round < rounds; round++) {
      const run = await measure(one, shared);
      runs.push(run);
      console.error(one.what, JSON.stringify(run));
    }
    const of = (figure: (run: Run) => number) => median(runs.map(figure));
    const megabytes = (figure: (run: Run) => number) => of(figure) / 1e6;
    rows.push([
      one.what,
      megabytes(({ peak }) => peak.whole),
      megabytes(({ peak }) => peak.first),
      megabytes(({ peak }) => peak.others),
      megabytes(({ peak }) => peak.cgroup),
      of(({ seconds }) => seconds),
    ]);
    rmSync(shared, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printTable(
  `Memory of a whole node while it indexes, peaks in MB, medians of ${rounds}`,
  [
    '',
    'whole node',
    'of this its main process',
    'the process of shared folders',
    'anonymous and kernel (cgroup)',
    'seconds',
  ],
  rows,
);

async function measure({ documents }: Case, shared: string): Promise<Run> {
  const lan = await createLan({ hosts: 1 });
  const cgroup = MemoryCgroup.make();
  const data = mkdtempSync(join(folder, 'data-'));
  try {
    const host = withProgram(lan.host(0), cgroup);
    const env = documents === 0 ? {} : { KITH_SHARE: shared };
    const node = await startOnHost({ host, folder: data, name: 'node-0', env });
    const from = performance.now();
    const watch = new MemoryWatch(node.pid, cgroup);
    let indexed = -1;
    while (indexed < documents) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      indexed = ((await (await node.ask('/api/status')).json()) as { documents?: number }).documents ?? 0;
    }
    const seconds = (performance.now() - from) / 1000;
    // What follows the last text, such as the sweep after it, belongs to it.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    watch.stop();
    await node.stop();
    return { peak: watch.take(), seconds };
  } finally {
    await lan.close();
    await cgroup?.remove();
    rmSync(data, { recursive: true, force: true });
  }
}

/** The host, on which a node runs by the copied program and in the cgroup; relays run as they are. */
function withProgram(host: LanHost, cgroup: MemoryCgroup | undefined): LanHost {
  const run: LanHost['run'] = (command, args, options) => {
    if (!args.includes('start')) return host.run(command, args, options);
    const started = host.run(program, args, options);
    if (started.pid !== undefined) cgroup?.add(started.pid);
    return started;
  };
  return { ...host, run };
}

/** English-like words up to the size; a piece of 20 MB is repeated in a larger file. */
function writeText(file: string, seed: number, bytes: number): void {
  const { text } = makeDocument(1000 + seed, 0, Math.min(bytes, 20e6));
  writeFileSync(file, '');
  for (let left = bytes; left > 0; left -= text.length) appendFileSync(file, text.slice(0, left));
}
