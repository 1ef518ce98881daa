/**
 * Search over 6 peers of 2,000 documents each, beside one node that holds all 14,000 documents: time of the whole answer
 * as the owner's program sees it. Then the same with one peer stopped in its tracks (SIGSTOP). All on loopback.
 *   node bench/search-peers.ts [queries, 300 by default]
 */
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { type LoopbackNode, startNeighbourhood } from '../apps/e2e/src/neighbourhood.ts';
import { searchPageSchema } from '../libs/wire/src/index.ts';
import { makeDocument, makeQueries } from './corpus.ts';

import { median, percentile, printTable } from './table.ts';

const EACH = 2000;
const NODES = 7;
const queries = makeQueries(Number(process.argv[2] ?? 300));

const fillWith = (count: number) => (node: number, folder: string) => {
  for (let d = 0; d < count; d++) {
    const { title, text } = makeDocument(node, d);
    writeFileSync(join(folder, `${title}.txt`), text);
  }
  return count;
};

async function timeAll(node: LoopbackNode, scope: string): Promise<number[]> {
  for (const query of queries.slice(0, 20)) await node.search(query, { scope });
  const times: number[] = [];
  for (const query of queries) {
    const from = performance.now();
    const page = await node.search(query, { scope });
    times.push(performance.now() - from);
    const missing = page.coverage.filter(({ status }) => status !== 'answered');
    if (missing.length > 0) throw new Error(`${query}: ${JSON.stringify(missing)}`);
  }
  return times;
}

/** Milliseconds until five peers and this node had answered, and until the whole answer was there. */
function timeStream({ at }: LoopbackNode, query: string): Promise<{ others: number; whole: number }> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    let others = Number.NaN;
    let text = '';
    const asked = request(
      {
        ...at,
        path: `/api/search?q=${encodeURIComponent(query)}`,
        headers: { accept: 'text/event-stream' },
        agent: false,
      },
      (answer) => {
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            const data = text
              .slice(0, end)
              .split('\n')
              .filter((line) => line.startsWith('data:'))
              .map((line) => line.slice(5))
              .join('\n');
            text = text.slice(end + 2);
            if (data === '') continue;
            const page = searchPageSchema.parse(JSON.parse(data));
            const answered = page.coverage.filter(({ status }) => status === 'answered').length;
            if (Number.isNaN(others) && answered >= NODES - 1) others = performance.now() - from;
            if (page.final) resolve({ others, whole: performance.now() - from });
          }
        });
        answer.on('error', reject);
      },
    );
    asked.setTimeout(10_000, () => asked.destroy(new Error('no end within 10 s')));
    asked.on('error', reject).end();
  });
}

const row = (what: string, times: number[]) => [
  what,
  median(times),
  percentile(times, 0.9),
  percentile(times, 0.99),
  Math.max(...times),
];
const rows: (string | number)[][] = [];

const central = await startNeighbourhood({ names: ['central'], fill: fillWith(EACH * NODES) });
try {
  const [node] = central.nodes;
  if (node) rows.push(row(`one node with all ${EACH * NODES} documents`, await timeAll(node, 'here')));
} finally {
  await central.close();
}

const around = await startNeighbourhood({
  names: Array.from({ length: NODES }, (_, i) => `bench-${i}`),
  fill: fillWith(EACH),
  // One asker in a loop is faster than the person for whom the limit is made.
  env: { KITH_PEER_SEARCH_RATE: '1000' },
});
try {
  const [asker, ...peers] = around.nodes;
  const stalled = peers.at(-1);
  if (!asker || !stalled) throw new Error('no nodes');
  rows.push(row('this node and 6 peers of 2,000', await timeAll(asker, 'all')));
  process.kill(stalled.pid, 'SIGSTOP');
  const times: { others: number; whole: number }[] = [];
  for (const query of queries.slice(0, 15)) times.push(await timeStream(asker, query));
  process.kill(stalled.pid, 'SIGCONT');
  rows.push(
    row(
      'one peer stalled: the other five and this node',
      times.map(({ others }) => others),
    ),
  );
  rows.push(
    row(
      'one peer stalled: the whole answer',
      times.map(({ whole }) => whole),
    ),
  );
} finally {
  await around.close();
}
printTable('Search over 6 peers (ms)', ['', 'p50', 'p90', 'p99', 'max'], rows);
