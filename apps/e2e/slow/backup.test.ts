import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hasBinary, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { type KithNode, startKithNode } from '../src/nodes/kith-node.ts';
import type { OwnerClient } from '../src/nodes/owner-client.ts';
import { openSeparateNode, removeIndexes, type SeparateNode } from '../src/nodes/separate-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';
import { recipesOf } from '../src/texts/manual-recipes.ts';

const [elasticsearch = ''] = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',');
const skip =
  skipUnless(hasBinary('redis-server'), 'needs redis-server') ||
  skipUnless(elasticsearch !== '', 'needs Elasticsearch: KITH_TEST_ELASTICSEARCH_URL');
const [backUp, restore, ...inCompose] = recipesOf('Backup and restore').map(({ code }) => code);

test('a backup, which holds the key, is made for its owner alone', () => {
  for (const code of [backUp, inCompose[0]]) assert.match(code ?? '', /umask 077; tar .* -czf /);
});

test('the commands for Compose name the volumes that hold what cannot be made anew', () => {
  assert.equal(inCompose.length, 2);
  for (const code of inCompose) {
    assert.match(code, /-v kith_data:\/data(:ro)? -v kith_redis:\/redis(:ro)? -v "\$PWD":\/backup/);
    assert.match(code, /node:24-bookworm-slim/);
  }
});

type Door = { host: string; port: number };
const door = (): Door => ({ host: freeAddress(), port: 5805 });

function startNode(t: TestContext, name: string, data: string, at: Door, env: Record<string, string> = {}) {
  const fixed = { KITH_BIND: at.host, KITH_EXCHANGE_BIND: at.host, KITH_SWEEP: 'off' };
  const started = startKithNode({ data, name, env: { ...fixed, ...env }, door: at });
  t.after(async () => (await started).kill());
  return started;
}

/** A folder with one file, the peer ben, trusted, and an upload: what must be there again. */
async function fill(owner: OwnerClient, share: string): Promise<void> {
  await waitFor(async () => (await owner.ask('/api/status')).status === 200, { what: 'the exchange' });
  await owner.post('Tide table', 'High water at noon.');
  writeFileSync(join(share, 'apples.txt'), 'apples are red');
  const answer = await owner.ask('/api/shares', { method: 'POST', body: { path: share } });
  assert.equal(answer.status, 201);
  await waitFor(async () => (await owner.peers()).length === 1, { what: 'ben', timeoutMs: 20_000 });
  await owner.trust('ben');
  await isWhole(owner);
}

const isWhole = (owner: OwnerClient) =>
  waitFor(
    async () => {
      if ((await owner.ask('/api/status')).status !== 200) return false;
      const [apples, noon] = await Promise.all([owner.search('apples'), owner.search('noon')]);
      return apples.results.length === 1 && noon.results.length === 1;
    },
    { what: 'both documents', timeoutMs: 20_000 },
  );

async function seen(owner: OwnerClient) {
  const [{ id, name }, peers, noon] = await Promise.all([owner.node(), owner.peers(), owner.search('noon')]);
  const hash = noon.results[0]?.hash ?? '';
  const content = (await owner.ask(`/api/documents/${hash}/content`)).body.toString();
  const known = peers.map((peer) => ({ id: peer.id, name: peer.name, trust: peer.trust }));
  const shares = (await owner.ask('/api/shares')).json() as { shares: { path: string; files: number }[] };
  return { id, name, known, title: noon.results[0]?.title, content, shares: shares.shares.map((one) => one.path) };
}

test('one process: stopped, copied and put back elsewhere it is the same node', async (t) => {
  const [home, other, share, folder] = [tempDirectory(t), tempDirectory(t), tempDirectory(t), tempDirectory(t)];
  const ben = door();
  await startNode(t, 'ben', tempDirectory(t), ben);
  const data = (place: string) => join(place, '.local/share/kith');
  const env = { KITH_SEEDS: ben.host };
  mkdirSync(data(home), { recursive: true });
  const first: KithNode = await startNode(t, 'ana', data(home), door(), env);
  await fill(first, share);
  const before = await seen(first);
  await first.stop();
  const run = (code: string | undefined, place: string) =>
    execFileSync('sh', ['-ec', code ?? ''], { cwd: folder, env: { PATH: process.env.PATH, HOME: place } });
  run(backUp, home);
  assert.equal(statSync(join(folder, 'kith-backup.tgz')).mode & 0o777, 0o600);
  run(restore, other);
  const second = await startNode(t, 'ana', data(other), door(), env);
  await isWhole(second);
  assert.deepEqual(await seen(second), before);
  assert.ok(second.output().includes('peer-clone') === false);
});

async function startServices(node: SeparateNode): Promise<OwnerClient> {
  await Promise.all((['exchange', 'gateway', 'pingback', 'scanner'] as const).map((app) => node.start(app)));
  return node.owner();
}

test(
  'services apart: data and Redis copied, Elasticsearch lost, it is the same node; without Redis trust is gone',
  { skip },
  async (t) => {
    const share = tempDirectory(t);
    const ben = door();
    await startNode(t, 'ben', tempDirectory(t), ben);
    const common = { elasticsearch, env: { KITH_SEEDS: ben.host }, redisArguments: ['--appendonly', 'yes'] };
    const first = await openSeparateNode(common);
    t.after(() => first.close());
    const owner = await startServices(first);
    await fill(owner, share);
    const before = await seen(owner);
    await first.stopAll();
    await removeIndexes(elasticsearch, first.prefix);

    const second = await openSeparateNode({ ...common, prefix: first.prefix, copyOf: first.folder });
    t.after(() => second.close());
    const restored = await startServices(second);
    await isWhole(restored);
    assert.deepEqual(await seen(restored), before);

    await second.stopAll();
    rmSync(join(second.folder, 'redis'), { recursive: true });
    mkdirSync(join(second.folder, 'redis'));
    const third = await openSeparateNode({ ...common, prefix: first.prefix, copyOf: second.folder });
    t.after(() => third.close());
    const forgetful = await startServices(third);
    await isWhole(forgetful);
    const found = await waitFor(async () => (await forgetful.peers())[0], {
      what: 'ben to be found anew',
      timeoutMs: 20_000,
    });
    assert.deepEqual([found.name, found.trust], ['ben', 'pending']);
    assert.equal((await forgetful.node()).id, before.id);
  },
);
