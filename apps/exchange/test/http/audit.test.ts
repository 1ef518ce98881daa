import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryDocumentIndex, createMemoryFileCatalogue } from '@kith/documents';
import { createMemoryReplicaRegistry } from '@kith/membership';
import { systemClock } from '@kith/service';
import { tempDirectory, waitFor } from '@kith/testing';
import { ANALYSER_VERSION, type AuditPage, type AuditPeers } from '@kith/wire';
import { knowPeer } from '../fake-gateway.ts';
import { asPeer, idOf, type Running, startExchange } from '../running-exchange.ts';

const bob = idOf('b');
const search = (node: Running, query: string, peer = bob) =>
  node.ask('/api/peer/search', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...asPeer(peer) },
    body: JSON.stringify({ analyser: ANALYSER_VERSION, query, prefix: false, limit: 5 }),
  });
const trail = (node: Running, query = '') => node.json<AuditPage>(`/api/audit?${query}`);
const written = (node: Running, what: string) =>
  waitFor(async () => (await trail(node)).entries.find((entry) => entry.what === what), {
    what: `${what} in the trail`,
  });

test('what a peer searched, listed, read and fetched is there for the owner, and for nobody else', async (t) => {
  const node = await startExchange(t);
  await knowPeer(node.peers, bob, { name: 'Bob' });
  const hash = await node.post('Tides', 'of the sea');
  for (const query of ['s', 'se', 'sea']) assert.equal((await search(node, query)).status, 200);
  for (const path of ['/api/documents', `/api/documents/${hash}`, `/api/documents/${hash}/text`])
    assert.equal((await node.ask(path, { headers: asPeer() })).status, 200);
  assert.equal((await node.ask(`/api/documents/${hash}/content`, { headers: asPeer() })).status, 200);
  assert.equal((await node.ask(`/api/documents/${'0'.repeat(64)}/content`, { headers: asPeer() })).status, 404);
  await node.json('/api/search?q=sea&scope=here');
  await written(node, 'fetched');
  const { entries, isOn } = await trail(node, `peer=${bob}&kind=use`);
  assert.equal(isOn, true);
  const shown = entries.map(({ what, text, document, name, count }) => [what, text, document, name, count].join(' '));
  assert.deepEqual(shown.toSorted(), [
    `fetched Tides.txt ${hash} Bob 1`,
    'listed   Bob 1',
    `looked Tides.txt ${hash} Bob 1`,
    `read Tides.txt ${hash} Bob 1`,
    'searched sea  Bob 3',
  ]);
  const counts = await node.json<AuditPeers>('/api/audit/peers');
  assert.deepEqual(counts.peers[0]?.uses, { searched: 3, listed: 1, looked: 1, read: 1, fetched: 1 });
  for (const path of ['/api/audit', '/api/audit/peers'])
    assert.equal((await node.ask(path, { headers: asPeer() })).status, 403);
});

test('somebody who breaks off a download before its end has fetched it', async (t) => {
  const node = await startExchange(t);
  const text = 'x'.repeat(4_000_000);
  await node.post('Long', text);
  const hash = createHash('sha256').update(text).digest('hex');
  const answer = await node.ask(`/api/documents/${hash}/content`, { headers: asPeer() });
  await answer.body?.cancel();
  assert.equal((await written(node, 'fetched')).document, hash);
});

test('sharing and unsharing stand in it; words of searches do not where that is set; nothing where it is off', async (t) => {
  const folder = tempDirectory(t);
  const quiet = await startExchange(t, { env: { KITH_AUDIT: 'without-words' } });
  await search(quiet, 'private');
  const { id } = await quiet.share(folder);
  await quiet.ask(`/api/shares/${id}`, { method: 'DELETE' });
  assert.deepEqual(Object.keys(await written(quiet, 'searched')).toSorted(), ['at', 'count', 'kind', 'peer', 'what']);
  assert.equal((await written(quiet, 'shared')).text, `${folder} is shared.`);
  assert.equal((await written(quiet, 'unshared')).kind, 'security');
  await quiet.stop();
  const off = await startExchange(t, { env: { KITH_AUDIT: 'off' } });
  await search(off, 'private');
  assert.deepEqual(await trail(off), { isOn: false, entries: [] });
  await off.stop();
  assert.equal(existsSync(join(off.data, 'audit')), false);
});

test('replicas of one node write one trail, which only its own user may read', async (t) => {
  const documents = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  const data = join(tempDirectory(t), 'data');
  const replicas = createMemoryReplicaRegistry({ clock: systemClock });
  const start = () => startExchange(t, { data, documents, replicas });
  const [one, two] = [await start(), await start()];
  await search(one, 'asked of one');
  await search(two, 'asked of two');
  await waitFor(
    async () => {
      const words = (await trail(one, 'kind=use')).entries.map(({ text }) => text).toSorted();
      return words.join() === 'asked of one,asked of two';
    },
    { what: 'both searches' },
  );
  const folder = join(data, 'audit');
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of readdirSync(folder)) {
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    assert.match(readFileSync(join(folder, name), 'utf8'), /^(\{.*\}\n)+$/);
  }
});
