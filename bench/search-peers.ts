/**
 * Search over 6 peers of 2,000 documents each, beside one node that holds all 14,000 documents: time of the whole answer
 * as the owner's program sees it. Then the same with one peer stopped in its tracks (SIGSTOP). All on loopback.
 *   node bench/search-peers.ts [queries, 300 by default]
 */
import { request } from 'node:http';
import { type LoopbackNode, startNeighbourhood } from '../apps/e2e/src/nodes/neighbourhood.ts';
import { searchPageSchema } from '../libs/wire/src/index.ts';
import { makeQueries, writeDocuments } from './corpus.ts';
import { printTable, TIMES_HEAD, timesRow } from './table.ts';
import { timeSearches } from './time-searches.ts';

const EACH = 2000;
const NODES = 7;
const queries = makeQueries(Number(process.argv[2] ?? 300));

const fillWith = (count: number) => (seed: number, folder: string) => {
  writeDocuments(folder, { seed, count });
  return count;
};

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

const rows: (string | number)[][] = [];

const central = await startNeighbourhood({ names: ['central'], fill: fillWith(EACH * NODES) });
try {
  const [node] = central.nodes;
  if (node)
    rows.push(
      timesRow(`one node with all ${EACH * NODES} documents`, await timeSearches(node, queries, { scope: 'here' })),
    );
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
  rows.push(timesRow('this node and 6 peers of 2,000', await timeSearches(asker, queries)));
  process.kill(stalled.pid, 'SIGSTOP');
  const times: { others: number; whole: number }[] = [];
  for (const query of queries.slice(0, 15)) times.push(await timeStream(asker, query));
  process.kill(stalled.pid, 'SIGCONT');
  rows.push(
    timesRow(
      'one peer stalled: the other five and this node',
      times.map(({ others }) => others),
    ),
  );
  rows.push(
    timesRow(
      'one peer stalled: the whole answer',
      times.map(({ whole }) => whole),
    ),
  );
} finally {
  await around.close();
}
printTable('Search over 6 peers (ms)', TIMES_HEAD, rows);
