/**
 * Peak of resident memory of a whole node while it indexes large text files. In a network namespace of its own, without
 * peers; needs root on Linux.
 *   node bench/memory.ts [files, 42 by default] [MB of each, 3.5 by default]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOnHost } from '../apps/e2e/src/nodes/lan-nodes.ts';
import { createLan } from '../libs/testing/src/index.ts';
import { printTable } from './table.ts';

const files = Number(process.argv[2] ?? 42);
const megabytes = Number(process.argv[3] ?? 3.5);
const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
const shared = join(folder, 'shared');
mkdirSync(shared);

let state = 1;
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return state / 0x7fffffff;
};
const words = Array.from({ length: 50_000 }, () => Math.floor(random() * 2 ** 40).toString(36));
for (let i = 0; i < files; i++) {
  const text: string[] = [];
  for (let length = 0; length < megabytes * 1e6; ) {
    // Some words are common, most are rare.
    const word = words[Math.floor(random() * random() * words.length)] ?? '';
    text.push(word);
    length += word.length + 1;
  }
  writeFileSync(join(shared, `${i}.txt`), text.join(' '));
}

const lan = await createLan({ hosts: 1 });
try {
  const node = await startOnHost({ host: lan.host(0), folder, name: 'node-0', env: { KITH_SHARE: shared } });
  const peakMib = () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))?.[1]) / 1024;
  const before = peakMib();
  const from = performance.now();
  for (let indexed = 0; indexed < files; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    indexed = ((await (await node.ask('/api/status')).json()) as { documents?: number }).documents ?? 0;
  }
  const seconds = (performance.now() - from) / 1000;
  printTable(
    `${files} text files of ${megabytes} MB`,
    ['', ''],
    [
      ['peak until ready (MiB)', before],
      ['peak of resident memory (MiB)', peakMib()],
      ['seconds', seconds],
    ],
  );
  await node.stop();
} finally {
  await lan.close();
  rmSync(folder, { recursive: true, force: true });
}
