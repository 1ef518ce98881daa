import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type AskedAs, askAs, isRoot, NOBODY, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(process.platform === 'linux' && isRoot(), 'needs root on Linux');
const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** A whole node of root's that shares one file, and what another user of the computer would ask of it. */
async function startShared(t: TestContext, env: Record<string, string> = {}) {
  const host = freeAddress();
  const [data, folder] = [tempDirectory(t), tempDirectory(t)];
  mkdirSync(join(folder, 'notes'));
  writeFileSync(join(folder, 'notes/heron.txt'), 'The heron stands in the reeds.');
  const node = await startKithNode({
    ...{ data, name: 'ana', door: { host, port: 5805 } },
    env: { KITH_BIND: host, KITH_SWEEP: 'off', KITH_SHARE: folder, ...env },
  });
  t.after(() => node.kill());
  const token = readFileSync(join(data, 'owner-token'), 'utf8').trim();
  const json = { 'content-type': 'application/json' };
  const post = (path: string, body: unknown) => ({ path, method: 'POST', headers: json, body: JSON.stringify(body) });
  const asked: Omit<AskedAs, 'host' | 'port'>[] = [
    { path: '/api/status' },
    { path: '/api/documents' },
    { path: `/api/documents/${HASH}/content` },
    { path: '/api/search?q=heron' },
    post('/api/shares', { path: '/etc' }),
    post('/api/documents', { title: 'a', text: 'b' }),
    { path: `/api/documents/${HASH}`, method: 'DELETE' },
    { path: '/_kith/node' },
    { path: '/_kith/peers' },
    post('/_kith/peers/ben/trust', { trust: 'trusted' }),
    { path: '/peers/ben/api/documents' },
    { path: '/', headers: { host: 'ben.localhost:5805' } },
    { path: '/api/status', headers: { connection: 'Upgrade', upgrade: 'websocket' } },
  ];
  const requests = asked.map((one) => ({ host, port: 5805, ...one }));
  return { node, host, token, requests };
}

test('another user of the computer reads, shares, trusts and deletes nothing', { skip, timeout: 60_000 }, async (t) => {
  const { node, host, requests } = await startShared(t);
  await waitFor(async () => (await node.search('heron')).results.length === 1, { what: 'the owner to find it' });
  const answers = await askAs(NOBODY, requests);
  for (const [index, { status, headers, body }] of answers.entries()) {
    const what = `${requests[index]?.method ?? 'GET'} ${requests[index]?.path}: ${body}`;
    assert.equal(status, 401, what);
    assert.equal(JSON.parse(body).error, 'owner_unproven', what);
    assert.match(JSON.parse(body).message, /kith open/, 'it says what to do');
    assert.match(String(headers['www-authenticate']), /^Bearer/);
    assert.doesNotMatch(body, /heron|ana/);
  }
  const [page] = await askAs(NOBODY, [{ host, port: 5805, path: '/nowhere', headers: { accept: 'text/html' } }]);
  assert.equal(page?.status, 401);
  assert.match(page?.body ?? '', /<h1>Only the owner of this node may open it/, 'a page for a browser');
  const [up, ready, metrics] = await askAs(NOBODY, [
    { host, port: 5809, path: '/healthz' },
    { host, port: 5809, path: '/readyz' },
    { host, port: 5809, path: '/metrics' },
  ]);
  assert.deepEqual([up?.status, ready?.status, metrics?.status], [200, 200, 401]);
  assert.equal((await fetch(`http://${host}:5809/metrics`)).status, 200, 'the owner reads them without a token');
});

test('with the token that user is the owner, at the health listener too', { skip, timeout: 60_000 }, async (t) => {
  const { host, token, requests } = await startShared(t);
  const authorization = `Bearer ${token}`;
  const shown = requests.map((one) => ({ ...one, headers: { ...one.headers, authorization } }));
  const answers = await askAs(NOBODY, shown);
  assert.ok(!answers.some(({ status }) => status === 401));
  assert.equal(answers[0]?.status, 200);
  assert.equal(JSON.parse(answers[0]?.body ?? '').role, 'owner');
  const [metrics, wrong] = await askAs(NOBODY, [
    { host, port: 5809, path: '/metrics', headers: { authorization } },
    { host, port: 5809, path: '/metrics', headers: { authorization: `${authorization}x` } },
  ]);
  assert.match(metrics?.body ?? '', /^kith_resident_memory_bytes/m);
  assert.equal(wrong?.status, 401);
});

test(
  'users that are named are the owner; and where none is, root has to show the token',
  { skip, timeout: 60_000 },
  async (t) => {
    const named = await startShared(t, { KITH_OWNER_UIDS: '4242' });
    const [as4242, asNobody] = await Promise.all(
      [4242, NOBODY].map(async (uid) => (await askAs(uid, named.requests.slice(0, 1)))[0]),
    );
    assert.deepEqual([as4242?.status, asNobody?.status], [200, 401]);
    await named.node.stop();
    const { host, token } = await startShared(t, { KITH_OWNER_UIDS: 'none' });
    const at = `http://${host}:5805/_kith/node`;
    assert.equal((await fetch(at)).status, 401);
    assert.equal((await fetch(at, { headers: { authorization: `Bearer ${token}` } })).status, 200);
  },
);
