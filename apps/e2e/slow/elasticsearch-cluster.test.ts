import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Documents, documentSettings, openDocuments } from '@kith/backend-documents';
import { parseQuery } from '@kith/documents';
import { sampleDocument } from '@kith/documents/compliance';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { skipUnless, tempDirectory, waitFor } from '@kith/testing';
import {
  type ElasticsearchServer,
  elasticsearchHome,
  elasticsearchServer,
  needsElasticsearchHome,
} from '../src/nodes/elasticsearch-server.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(elasticsearchHome !== '', needsElasticsearchHome);
/** Longest time for which a call may say nothing, and after which the others have taken over what a lost node had. */
const BOUND_MS = 70_000;

const seeds = (hosts: readonly string[]) =>
  `discovery.seed_hosts: [${hosts.map((host) => `"${host}:9300"`).join(', ')}]`;
const withData = 'node.roles: [master, data]';
const onlyVotes = 'node.roles: [master]';

function server(t: TestContext, name: string, host: string, settings?: string[]): ElasticsearchServer {
  const one = elasticsearchServer({ name, host, ...(settings ? { settings } : {}) });
  t.after(() => one.close());
  return one;
}

async function open(t: TestContext, servers: readonly ElasticsearchServer[]): Promise<Documents> {
  const values = readSettings(documentSettings, { KITH_ELASTICSEARCH_URL: servers.map(({ url }) => url).join(',') });
  const settings = { ...values, dataDirectory: tempDirectory(t) };
  const documents = await openDocuments(settings, { log: silentLog, clock: systemClock });
  t.after(() => documents.close());
  return documents;
}

const some = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => sampleDocument({ title: `D${from + i}`, text: 'a well of water' }));

async function found({ index }: Documents): Promise<number> {
  return (await index.search({ query: parseQuery('water'), candidates: 5, snippets: 0 })).matches;
}

/** Every shard with its copy, with so many nodes. */
const isWhole = (asked: ElasticsearchServer, nodes: number) =>
  waitFor(
    async () => {
      const { number_of_nodes, status } = (await asked.call('GET', '/_cluster/health')) as Record<string, unknown>;
      return number_of_nodes === nodes && status === 'green';
    },
    { what: `${nodes} nodes and green`, timeoutMs: 120_000 },
  );

/** Asks and writes all the time until one write is taken; what fails meanwhile fails with `index_away`. */
async function goesOn(t: TestContext, documents: Documents, { before, write }: { before: number; write: number }) {
  const from = performance.now();
  let failures = 0;
  let isWritten = false;
  await waitFor(
    async () => {
      const searched = found(documents).then(
        (count) => assert.ok(count === before || count > before, `${count} of ${before} found`),
        (error) => {
          assert.equal(error.code, 'index_away', String(error));
          failures++;
        },
      );
      const wrote = documents.index.put(some(before, before + write)).then(
        () => {
          isWritten = true;
        },
        (error) => assert.equal(error.code, 'index_away', String(error)),
      );
      await Promise.all([searched, wrote]);
      return isWritten;
    },
    { what: 'a write', timeoutMs: BOUND_MS },
  );
  t.diagnostic(`written ${Math.round(performance.now() - from)} ms after the loss, ${failures} searches failed`);
  await waitFor(async () => (await found(documents)) === before + write, { what: 'all documents' });
}

test('from one node to a cluster of three: any one may be lost', { skip }, async (t) => {
  const [a, b, c] = [freeAddress(), freeAddress(), freeAddress()];
  const seedHosts = seeds([a, b, c]);
  const one = server(t, 'one', a);
  const two = server(t, 'two', b, [withData, seedHosts]);
  const three = server(t, 'three', c, [onlyVotes, seedHosts]);
  await one.start();
  const alone = await open(t, [one]);
  await alone.index.put(some(0, 40));
  await isWhole(one, 1);

  await one.kill();
  await Promise.all([one.start([withData, seedHosts]), two.start(), three.start()]);
  await isWhole(one, 3);
  const documents = await open(t, [one, two]);
  assert.equal(await found(documents), 40);

  let count = 40;
  for (const [lost, left] of [
    [one, two],
    [two, one],
  ] as const) {
    await lost.kill();
    await goesOn(t, documents, { before: count, write: 5 });
    count += 5;
    await lost.start();
    await isWhole(left, 3);
    assert.equal(await found(documents), count);
  }
  await three.kill();
  await goesOn(t, documents, { before: count, write: 5 });
  count += 5;

  // Two of three are lost: nobody may decide who holds what, so nothing is written, and what is there is still found.
  await one.kill();
  const from = performance.now();
  await assert.rejects(documents.index.put(some(count, count + 5)), { code: 'index_away' });
  t.diagnostic(`a write without a majority was refused after ${Math.round(performance.now() - from)} ms`);
  assert.equal(await found(documents), count);
  await one.start();
  await goesOn(t, documents, { before: count, write: 5 });
});

test('of two nodes the one that does not vote may be lost', { skip }, async (t) => {
  const [a, b] = [freeAddress(), freeAddress()];
  const settings = [withData, seeds([a, b]), 'cluster.initial_master_nodes: [one, two]'];
  const one = server(t, 'one', a, settings);
  const two = server(t, 'two', b, settings);
  await Promise.all([one.start(), two.start()]);
  await isWhole(one, 2);
  const documents = await open(t, [one, two]);
  await documents.index.put(some(0, 40));
  await isWhole(one, 2);
  const path = '/_cluster/state?filter_path=metadata.cluster_coordination.last_committed_config,nodes.*.name';
  const state = (await one.call('GET', path)) as {
    nodes: Record<string, { name: string }>;
    metadata: { cluster_coordination: { last_committed_config: string[] } };
  };
  const voting = state.metadata.cluster_coordination.last_committed_config.map((id) => state.nodes[id]?.name);
  assert.equal(voting.length, 1, 'the server lets one of two vote');
  await (voting[0] === 'one' ? two : one).kill();
  await goesOn(t, documents, { before: 40, write: 5 });
});
