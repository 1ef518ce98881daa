/**
 * Search over 6 peers of 2,000 documents each, of which three keep peers in Redis and documents in Elasticsearch, beside
 * 6 embedded ones: time of the whole answer as the owner's program sees it. All on loopback of one machine.
 *   KITH_TEST_ELASTICSEARCH_URL=http://127.0.0.1:9200 node bench/search-mixed.ts [queries, 300 by default]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startKithNode } from '../apps/e2e/src/nodes/kith-node.ts';
import type { OwnerClient } from '../apps/e2e/src/nodes/owner-client.ts';
import { openSeparateNode } from '../apps/e2e/src/nodes/separate-node.ts';
import { freeAddress } from '../apps/e2e/src/nodes/service-process.ts';
import { makePairingCode } from '../libs/identity/src/index.ts';
import { makeQueries, writeDocuments } from './corpus.ts';
import { printTable, TIMES_HEAD, timesRow } from './table.ts';
import { timeSearches } from './time-searches.ts';

const EACH = 2000;
const queries = makeQueries(Number(process.argv[2] ?? 300));
const [elasticsearch] = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',');
if (!elasticsearch) throw new Error('KITH_TEST_ELASTICSEARCH_URL must name an Elasticsearch.');

function fill(folder: string, seed: number): string {
  mkdirSync(folder);
  writeDocuments(folder, { seed, count: EACH });
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
  return timeSearches(asker, queries);
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

printTable('Search over 6 peers (ms)', TIMES_HEAD, [
  timesRow('this node and 6 embedded peers', await measure(0)),
  timesRow('this node, 3 embedded peers, 3 on Redis and Elasticsearch', await measure(3)),
]);
