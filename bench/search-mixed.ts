/**
 * Search over 6 peers of 2,000 documents each, of which three keep peers in Redis and documents in Elasticsearch, beside
 * 6 embedded ones: time of the whole answer as the owner's program sees it. All on loopback of one machine.
 *   KITH_TEST_ELASTICSEARCH_URL=http://127.0.0.1:9200 node bench/search-mixed.ts [queries, 300 by default]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startKithNode } from '../apps/e2e/src/kith-node.ts';
import type { OwnerClient } from '../apps/e2e/src/owner-client.ts';
import { openSeparateNode } from '../apps/e2e/src/separate-node.ts';
import { freeAddress } from '../apps/e2e/src/service-process.ts';
import { makePairingCode } from '../libs/identity/src/index.ts';
import { makeDocument, makeQueries } from './corpus.ts';
import { median, percentile, printTable } from './table.ts';

const EACH = 2000;
const queries = makeQueries(Number(process.argv[2] ?? 300));
const [elasticsearch] = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',');
if (!elasticsearch) throw new Error('KITH_TEST_ELASTICSEARCH_URL must name an Elasticsearch.');

function fill(folder: string, node: number): string {
  mkdirSync(folder);
  for (let d = 0; d < EACH; d++) {
    const { title, text } = makeDocument(node, d);
    writeFileSync(join(folder, `${title}.txt`), text);
  }
  return folder;
}

/** The whole answers of `asker` once all seven are trusted and indexed. */
async function timeAll(asker: OwnerClient): Promise<number[]> {
  const deadline = performance.now() + 240_000;
  for (;;) {
    const { documents, coverage } = await asker.search('water');
    if (documents === EACH * 7) break;
    if (performance.now() > deadline)
      throw new Error(`not settled: ${documents} documents, ${JSON.stringify(coverage)}`);
    await pause(500);
  }
  for (const query of queries.slice(0, 20)) await asker.search(query);
  const times: number[] = [];
  for (const query of queries) {
    const from = performance.now();
    const { coverage } = await asker.search(query);
    times.push(performance.now() - from);
    const missing = coverage.filter(({ status }) => status !== 'answered');
    if (missing.length > 0) throw new Error(`${query}: ${JSON.stringify(missing)}`);
  }
  return times;
}

/** Seven nodes, of which `apart` run as services of their own. */
async function measure(apart: number): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-mixed-'));
  const toClose: (() => Promise<unknown>)[] = [];
  try {
    const separate = await Promise.all(Array.from({ length: apart }, () => openSeparateNode({ elasticsearch })));
    for (const node of separate) toClose.push(() => node.close());
    const embedded = Array.from({ length: 7 - apart }, freeAddress);
    const common = {
      KITH_PAIRING_CODE: makePairingCode(),
      KITH_SEEDS: [...embedded, ...separate.map(({ address }) => address)].join(','),
      KITH_SWEEP: 'off',
      KITH_LOG_LEVEL: 'warn',
      // One asker in a loop is faster than the person for whom the limit is made.
      KITH_PEER_SEARCH_RATE: '1000',
    };
    let count = 0;
    const share = () => {
      count += 1;
      return { KITH_SHARE: fill(join(folder, `share-${count}`), count) };
    };
    const nodes = [];
    for (const address of embedded) {
      const env = { ...common, ...share(), KITH_BIND: address };
      const door = { host: address, port: 5805 };
      const node = await startKithNode({ data: join(folder, address), name: address, env, door });
      nodes.push(node);
      toClose.push(() => node.kill());
    }
    for (const node of separate) {
      const env = { ...common, ...share(), KITH_LOG_LEVEL: 'info' };
      for (const app of ['pingback', 'scanner', 'gateway', 'exchange'] as const) await node.start(app, env);
    }
    const [asker] = nodes;
    if (!asker) throw new Error('there is no embedded node');
    return await timeAll(asker);
  } finally {
    await Promise.all(toClose.map((close) => close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

const row = (what: string, times: number[]) => [
  what,
  median(times),
  percentile(times, 0.9),
  percentile(times, 0.99),
  Math.max(...times),
];
printTable(
  'Search over 6 peers (ms)',
  ['', 'p50', 'p90', 'p99', 'max'],
  [
    row('this node and 6 embedded peers', await measure(0)),
    row('this node, 3 embedded peers, 3 on Redis and Elasticsearch', await measure(3)),
  ],
);
