import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hasBinary, skipUnless, waitFor } from '@kith/testing';
import { openSeparateNode } from '../src/nodes/separate-node.ts';
import { recipesOf } from '../src/texts/manual-recipes.ts';

const servers = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',').filter((url) => url !== '');
const skip =
  skipUnless(hasBinary('redis-server') && hasBinary('curl'), 'needs redis-server and curl') ||
  skipUnless(servers.length > 0, 'needs Elasticsearch: KITH_TEST_ELASTICSEARCH_URL');
const [compose, plain, ...recipes] = recipesOf('Looking at documents in Elasticsearch');

/** Every recipe of the section is here, as often as it has blocks; a new one without a test fails. */
const COVERED = [
  'Is it well, and if not, why',
  'How many documents, how large',
  'Which version serves',
  ...['The disk is full', 'The disk is full', 'The disk is full', 'The disk is full'],
  ...['What could not be read or written', 'What could not be read or written'],
  'Index everything anew',
];

test('every recipe for Elasticsearch is tried here', () => {
  assert.match(
    compose?.code ?? '',
    /^kith_index\(\) \{ .*docker compose exec -T elasticsearch curl .* < \/dev\/null; \}\n$/,
  );
  assert.match(plain?.code ?? '', /^kith_index\(\) \{ .*; curl .*:9200\$path"; \}\n$/);
  assert.deepEqual(
    recipes.map(({ heading }) => heading),
    COVERED,
  );
});

/** A node whose services run apart, with an upload, a shared folder of one good file, and one that cannot be named. */
async function openNode(t: TestContext, elasticsearch: string) {
  const node = await openSeparateNode({ elasticsearch });
  t.after(() => node.close());
  const share = join(node.folder, 'share');
  mkdirSync(share);
  writeFileSync(join(share, 'apples.txt'), 'apples are red');
  writeFileSync(Buffer.concat([Buffer.from(`${share}/`), Buffer.from([0xff]), Buffer.from('.txt')]), 'no name');
  await Promise.all([node.start('gateway'), node.start('exchange', { KITH_SHARE: share })]);
  const owner = node.owner();
  await waitFor(async () => (await owner.ask('/api/status')).status === 200, { what: 'the first answer' });
  await owner.post('Tide table', 'High water at noon.');
  const isFound = (words: string) => owner.search(words).then(({ results }) => results.length === 1);
  const isWhole = async () => (await isFound('apples')) && (await isFound('noon'));
  await waitFor(isWhole, { what: 'both documents', timeoutMs: 20_000 });

  /** Runs the block with this number under a heading, on this server and with this node's names. */
  const run = (heading: string, block = 0) => {
    const here = new URL(elasticsearch).host;
    const code = `${plain?.code.replace('127.0.0.1:9200', here)}${recipes.filter((one) => one.heading === heading)[block]?.code}`;
    const own = code.replaceAll('kith-', `${node.prefix}-`);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', own], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, ''], heading);
    return stdout;
  };
  return { node, owner, run, isWhole };
}

for (const elasticsearch of servers.length > 0 ? servers : ['http://127.0.0.1:0']) {
  test(`${elasticsearch}: the recipes for Elasticsearch do what the manual says`, { skip }, async (t) => {
    const { node, run, isWhole, owner } = await openNode(t, elasticsearch);
    const { prefix } = node;

    const health = run('Is it well, and if not, why');
    assert.match(health, /"status" : "(green|yellow)"/);
    assert.match(health, /There are no unassigned shards|"can_allocate"|No shard was specified|unassigned/);
    const sizes = run('How many documents, how large');
    assert.match(sizes, new RegExp(`^(green|yellow) +${prefix}-documents-v\\S+ +2 +[\\d.]+k?b *$`, 'm'));
    const versions = run('Which version serves');
    assert.match(versions, new RegExp(`^${prefix}-documents +${prefix}-documents-v\\S+ *$`, 'm'));
    assert.match(versions, new RegExp(`^${prefix}-files-v\\S+-write +${prefix}-files-v\\S+ *$`, 'm'));

    assert.match(run('The disk is full', 0), /disk\.percent/);
    assert.match(run('The disk is full', 1), /"acknowledged":true.*"flood_stage":"2gb"/);
    assert.match(run('The disk is full', 2), /^\{"acknowledged":true,"persistent":\{\}/);
    const blocked = await fetch(`${elasticsearch}/${prefix}-*/_settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ 'index.blocks.read_only_allow_delete': true }),
    });
    assert.equal(blocked.status, 200);
    await assert.rejects(owner.post('refused', 'there is no room'), /disk/);
    assert.match(run('The disk is full', 3), /"acknowledged":true/);
    await owner.post('taken', 'there is room');

    const failed = run('What could not be read or written', 0);
    assert.match(failed, /"value" : 1/);
    assert.match(failed, /"problem" : "/);
    assert.match(run('What could not be read or written', 1), /rejected[\s\S]*timeInQueue/);

    const told = () => /"count":3,/.test(node.redisCli('HGET', 'kith:status', 'documents'));
    await waitFor(told, { what: 'the count to be told' });
    assert.equal(run('Index everything anew'), '{"acknowledged":true}{"acknowledged":true}');
    await waitFor(async () => (await isWhole()) && (await owner.search('room')).results.length === 1, {
      what: 'everything to be there again',
      timeoutMs: 30_000,
    });
    assert.equal((await owner.search('refused')).results.length, 0);
  });
}
