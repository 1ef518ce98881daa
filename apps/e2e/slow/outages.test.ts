import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { hasBinary, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { elasticsearchHome, elasticsearchServer, needsElasticsearchHome } from '../src/nodes/elasticsearch-server.ts';
import { type KithNode, startKithNode } from '../src/nodes/kith-node.ts';
import type { OwnerClient } from '../src/nodes/owner-client.ts';
import { openSeparateNode, type SeparateNode } from '../src/nodes/separate-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skipRedis = skipUnless(hasBinary('redis-server'), 'needs redis-server');
const skip = skipRedis || skipUnless(elasticsearchHome !== '', needsElasticsearchHome);

/** How long Redis is away; Elasticsearch twice as long. */
const SECONDS = Number(process.env.KITH_TEST_SECONDS ?? (process.env.CI === 'true' ? 30 : 6));

const seconds = (count: number) => performance.now() + count * 1_000;
/** Runs `body` again and again until then, at least once. */
async function until(time: number, body: () => Promise<void>): Promise<number> {
  let times = 0;
  do {
    await body();
    times += 1;
    // A peer answers 20 searches a second.
    await pause(100);
  } while (performance.now() < time);
  return times;
}

const stateOf = async (owner: OwnerClient, name: string) => (await owner.peers()).find((peer) => peer.name === name);
const coverageOf = async (owner: OwnerClient, words: string) => {
  const { coverage, results } = await owner.search(words);
  return {
    statuses: Object.fromEntries(coverage.map(({ name, status, message }) => [name, message ?? status])),
    results,
  };
};

/** An embedded node on a loopback address of its own that knows where `node` is. */
async function startNear(
  t: TestContext,
  node: SeparateNode,
  options: { name: string; data: string },
): Promise<KithNode> {
  const host = freeAddress();
  const env = { KITH_BIND: host, KITH_EXCHANGE_PORT: '0', KITH_SWEEP: 'off', KITH_SEEDS: node.address };
  const started = await startKithNode({ ...options, env, door: { host, port: 5805 } });
  t.after(() => started.kill());
  return started;
}

async function trustEachOther(one: OwnerClient, name: string, other: OwnerClient, otherName: string) {
  for (const [owner, seen] of [
    [one, otherName],
    [other, name],
  ] as const) {
    const peer = await waitFor(() => stateOf(owner, seen), { what: `${seen} to be seen`, timeoutMs: 15_000 });
    await owner.trust(peer.id);
  }
}

describe('servers that go away and come back', { concurrency: true }, () => {
  test('Redis away: all goes on from what was known, and nothing is lost', { skip: skipRedis }, async (t) => {
    const node = await openSeparateNode({ redisArguments: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    t.after(() => node.close());
    const folder = tempDirectory(t);
    await Promise.all((['pingback', 'scanner', 'gateway', 'exchange'] as const).map((app) => node.start(app)));
    const owner = node.owner();
    const ben = await startNear(t, node, { name: 'ben', data: join(folder, 'ben') });
    await trustEachOther(owner, 'apart', ben, 'ben');
    const hash = await owner.post('lamps', 'Lamps burn oil in the harbour.');
    await ben.post('oars', 'Oars of the harbour.');
    const both = { apart: 'answered', ben: 'answered' };
    for (const each of [owner, ben])
      await waitFor(async () => isDeepStrictEqual((await coverageOf(each, 'harbour')).statuses, both), {
        what: 'both to answer each other',
        timeoutMs: 15_000,
      });

    await node.redis.kill();
    const from = performance.now();
    const end = seconds(SECONDS);
    // Somebody comes, and somebody moves to another address.
    const chidi = await startNear(t, node, { name: 'chidi', data: join(folder, 'chidi') });
    let asked = 0;
    asked += await until(Math.min(end, seconds(SECONDS / 2)), async () => {
      const whoAreYou = await fetch(`http://${node.address}:5800/?nonce=${randomBytes(16).toString('hex')}`);
      assert.equal(whoAreYou.status, 200);
      assert.equal(
        (await owner.ask(`/api/documents/${hash}/content`)).body.toString(),
        'Lamps burn oil in the harbour.',
      );
      for (const each of [owner, ben]) {
        const { statuses, results } = await coverageOf(each, 'harbour');
        assert.deepEqual(statuses, both);
        assert.equal(results.length, 2);
      }
    });
    // Trust is not given without the store; what is taken back is in force at once.
    const decide = async (peer: OwnerClient, trust: string) => {
      const { id } = await peer.node();
      return owner.ask(`/_kith/peers/${encodeURIComponent(id)}/trust`, { method: 'POST', body: { trust } });
    };
    const refused = await decide(chidi, 'trusted');
    assert.equal(refused.status, 503);
    assert.match(refused.body.toString(), /store_away.*Redis/);
    const benId = (await ben.node()).id;
    const blocked = await decide(ben, 'blocked');
    assert.equal(blocked.status, 200);
    assert.match(blocked.body.toString(), /"trust":"blocked".*in force, but cannot be written/);
    assert.equal((await ben.ask('/peers/apart/api/documents')).status, 403);
    await ben.stop();
    const moved = await startNear(t, node, { name: 'ben', data: join(folder, 'ben') });
    assert.notDeepEqual(moved.at, ben.at);
    const kept = await owner.post('ropes', 'Ropes of the harbour.');
    asked += await until(end, async () => {
      assert.equal((await owner.ask(`/api/documents/${kept}/content`)).status, 200);
      assert.equal((await coverageOf(owner, 'harbour')).statuses.apart, 'answered');
    });
    t.diagnostic(`${asked} rounds of questions in ${Math.round(performance.now() - from)} ms without Redis`);

    await node.startRedis();
    const back = performance.now();
    const said = (what: string) =>
      t.diagnostic(`${what} ${Math.round(performance.now() - back)} ms after Redis was back`);
    const known = await waitFor(() => stateOf(owner, 'chidi'), { what: 'chidi to be known', timeoutMs: 30_000 });
    said('the one who came was known');
    await owner.trust(known.id);
    await waitFor(async () => (await stateOf(owner, 'ben'))?.trust === 'blocked', { what: 'the block to be written' });
    await owner.trust(benId);
    await waitFor(async () => (await coverageOf(owner, 'harbour')).statuses.ben === 'answered', {
      what: 'ben to be searched at the new address',
      timeoutMs: 30_000,
    });
    said('the one who moved was searched');
    assert.equal((await stateOf(owner, 'ben'))?.trust, 'trusted');
    await waitFor(async () => (await coverageOf(moved, 'harbour')).results.length === 3, {
      what: 'ben to search here',
      timeoutMs: 15_000,
    });
  });

  test('Elasticsearch away while files are shared and sent: they appear by themselves', { skip }, async (t) => {
    const server = elasticsearchServer({ name: 'own' });
    const ends: (() => Promise<void>)[] = [() => server.close()];
    t.after(async () => {
      // Its indexes go with the server, which may be away now.
      for (const end of ends) await end().catch(() => {});
    });
    await server.start();
    const node = await openSeparateNode({ elasticsearch: server.url });
    ends.unshift(() => node.close());
    const share = join(node.folder, 'share');
    mkdirSync(share);
    writeFileSync(join(share, 'before.txt'), 'Nets from before.');
    await node.start('gateway');
    await Promise.all([1, 2].map(() => node.start('exchange', { KITH_SHARE: share })));
    const owner = node.owner();
    const found = async () => (await owner.search('nets')).results.length;
    await waitFor(async () => (await found()) === 1, { what: 'the first file', timeoutMs: 30_000 });

    await server.kill();
    const end = seconds(2 * SECONDS);
    const later = join(node.folder, 'later');
    mkdirSync(later);
    writeFileSync(join(later, 'nets.txt'), 'Nets of a second folder.');
    let files = 0;
    const answers: string[] = [];
    const rounds = await until(end, async () => {
      if (files < 40) writeFileSync(join(share, `nets-${files++}.txt`), `Nets, number ${files}.`);
      const { coverage, results } = await owner.search('nets');
      assert.deepEqual(results, []);
      const [own] = coverage;
      assert.ok(own?.status === 'index-away' || own?.status === 'timed-out', own?.status);
      answers.push(own.status);
      const sent = await owner.ask('/api/documents', {
        method: 'POST',
        body: { title: 'sent', text: 'Nets that are sent.' },
      });
      assert.equal(sent.status, 503, sent.body.toString());
      assert.match(sent.body.toString(), /"index_away".*KITH_ELASTICSEARCH_URL/s);
      const shared = await owner.ask('/api/shares', { method: 'POST', body: { path: later } });
      assert.equal(shared.status, 503, shared.body.toString());
      const status = await owner.ask('/api/status');
      assert.equal(status.status, 200);
      assert.match(status.body.toString(), /index_away/);
    });
    const away = answers.filter((one) => one === 'index-away').length;
    t.diagnostic(`${rounds} rounds, ${files} files, ${away} of ${answers.length} answers said that the index is away`);
    assert.ok(away >= answers.length - 2, 'the answer says so, at once after the first');

    await server.start();
    const back = performance.now();
    await waitFor(async () => (await found()) >= 1, { what: 'the index to be back', timeoutMs: 60_000 });
    t.diagnostic(`searches answered ${Math.round(performance.now() - back)} ms after Elasticsearch did`);
    await waitFor(async () => (await owner.search('nets', { limit: '100' })).results.length === files + 1, {
      what: 'all files to be found',
      timeoutMs: 60_000,
    });
    t.diagnostic(`all files were found after ${Math.round(performance.now() - back)} ms`);
    await owner.post('sent', 'Nets that are sent.');
    assert.equal((await owner.search('sent')).results.length, 1);
  });
});
