import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createMemoryDocumentIndex, createMemoryFileCatalogue, IndexAwayError } from '@kith/documents';
import {
  createMemoryPeerStore,
  createMemoryReplicaRegistry,
  createMemoryReplicaState,
  type ReplicaRegistry,
  StoreAwayError,
} from '@kith/membership';
import { systemClock } from '@kith/service';
import { tempDirectory, waitFor } from '@kith/testing';
import type { Share } from '@kith/wire';
import { ownAddress } from '../src/replicas/own-address.ts';
import { type Running, startExchange } from './running-exchange.ts';

/** What the replicas of one node share: stores, data folder, registry. */
function startNode(t: TestContext) {
  const data = join(tempDirectory(t), 'data');
  const peers = createMemoryPeerStore({ clock: systemClock });
  const documents = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  const state = createMemoryReplicaState();
  let stoodAt: number | undefined;
  const clock = { monotonic: () => stoodAt ?? systemClock.monotonic() };
  const registry = () => createMemoryReplicaRegistry({ clock, state });
  const start = (replicas: ReplicaRegistry = registry()) => startExchange(t, { data, peers, documents, replicas });
  const holder = () => state.leases.get('folders')?.holder;
  /** From now on no lease runs out: it can only be given back. */
  const stopTheClock = () => {
    stoodAt = systemClock.monotonic();
  };
  return { data, registry, start, holder, stopTheClock, ...documents };
}

function folderOf(t: TestContext, files: Record<string, string>): string {
  const folder = tempDirectory(t);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const found = async (replica: Running, words: string) => {
  const { results } = await replica.json<{ results: { name: string }[] }>(`/api/search?q=${words}`);
  return results.map(({ name }) => name).sort();
};
const sharesOf = async (replica: Running) => (await replica.json<{ shares: Share[] }>('/api/shares')).shares;

test('a folder that is shared at one replica is indexed by one, listed and served by all', async (t) => {
  const node = startNode(t);
  const one = await node.start();
  const two = await node.start();
  const folder = folderOf(t, { 'pears.txt': 'pears are green' });
  const { id } = await two.share(folder);
  for (const replica of [one, two]) {
    const share = await replica.settled(id);
    assert.deepEqual({ path: share.path, files: share.files }, { path: folder, files: 1 });
    assert.deepEqual(await found(replica, 'pears'), ['pears.txt']);
    const [file] = await node.files.filesOf(id, { limit: 1 });
    const content = await replica.ask(`/api/documents/${file?.hash}/content`);
    assert.equal(await content.text(), 'pears are green');
  }
  writeFileSync(join(folder, 'plums.txt'), 'plums are blue');
  await waitFor(async () => (await found(two, 'plums')).length === 1, { what: 'the new file' });
  assert.equal((await one.ask(`/api/shares/${id}`, { method: 'DELETE' })).status, 204);
  assert.deepEqual(await found(two, 'pears'), []);
  await waitFor(async () => (await sharesOf(two)).length === 0, { what: 'the other to notice', timeoutMs: 8_000 });
});

test('after a clean stop another works on the folders at once; one that leaves is off the list and still answers', async (t) => {
  const node = startNode(t);
  const folder = folderOf(t, { 'a.txt': 'apples' });
  const one = await node.start();
  const { id } = await one.share(folder);
  await one.settled(id);
  const two = await node.start();
  const registry = node.registry();
  assert.equal((await registry.list('exchange')).length, 2);
  const before = node.holder();
  node.stopTheClock();
  const stopping = one.stop();
  await waitFor(async () => (await registry.list('exchange')).length === 1, { what: 'it to leave the list' });
  assert.equal((await one.ask('/api/status')).status, 200, 'who has not noticed yet is served');
  await waitFor(() => node.holder() !== undefined && node.holder() !== before, {
    what: 'the other to take over what was given back',
  });
  await stopping;
  writeFileSync(join(folder, 'b.txt'), 'bananas');
  await waitFor(async () => (await found(two, 'bananas')).length === 1, { what: 'the new file' });
});

test('one that is cut off from the registry leaves the folders before another takes over, and serves on', async (t) => {
  const node = startNode(t);
  const folder = folderOf(t, { 'a.txt': 'apples' });
  const real = node.registry();
  let isCut = false;
  const cuttable = <A extends unknown[], R>(method: (...all: A) => Promise<R>) => {
    return (...all: A) => (isCut ? Promise.reject<R>(new StoreAwayError('cut off')) : method(...all));
  };
  const one = await node.start({
    ...real,
    register: cuttable(real.register),
    acquire: cuttable(real.acquire),
    renew: cuttable(real.renew),
  });
  const { id } = await one.share(folder);
  await one.settled(id);
  const two = await node.start();
  isCut = true;
  writeFileSync(join(folder, 'b.txt'), 'bananas');
  await waitFor(async () => (await found(one, 'bananas')).length === 1, { what: 'the new file', timeoutMs: 10_000 });
  const before = node.holder();
  await waitFor(() => node.holder() !== before, { what: 'the other to take over', timeoutMs: 10_000 });
  writeFileSync(join(folder, 'c.txt'), 'cherries');
  await waitFor(async () => (await found(two, 'cherries')).length === 1, { what: 'the newest file' });
  assert.deepEqual(await found(one, 'cherries'), ['c.txt'], 'searches work at a replica that is cut off');
});

test('uploads of one name at two replicas at once are both kept; what is deleted at one is gone at the other', async (t) => {
  const node = startNode(t);
  const replicas = [await node.start(), await node.start(), await node.start()];
  const hashes = await Promise.all(
    Array.from({ length: 24 }, (_, n) => (replicas[n % 3] as Running).post('notes', `the note number ${n}`)),
  );
  assert.equal(new Set(hashes).size, 24);
  for (const [n, replica] of replicas.entries()) {
    assert.equal((await node.files.filesOf('upload', { limit: 100 })).length, 24);
    const content = await replica.ask(`/api/documents/${hashes[n + 1]}/content`);
    assert.equal(await content.text(), `the note number ${n + 1}`);
  }
  assert.equal((await replicas[0]?.ask(`/api/documents/${hashes[5]}`, { method: 'DELETE' }))?.status, 204);
  assert.equal((await replicas[1]?.ask(`/api/documents/${hashes[5]}`))?.status, 404);
});

test('a page that is open at one replica is told what happens at another', async (t) => {
  const node = startNode(t);
  const [one, two] = [await node.start(), await node.start()];
  const ending = new AbortController();
  const answer = await one.ask('/api/events', { signal: ending.signal });
  t.after(() => ending.abort());
  let text = '';
  void answer.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeTo(
      new WritableStream({
        write(part) {
          text += part;
        },
      }),
    )
    .catch(() => {});
  await two.post('notes', 'something new');
  await waitFor(() => /event: documents\ndata: \{"count":1,/.test(text), { what: 'the count', timeoutMs: 3_000 });
  const folder = folderOf(t, { 'a.txt': 'apples' });
  mkdirSync(join(folder, 'inner'));
  await two.share(folder);
  await waitFor(() => text.includes(`"path":"${folder}","files":1,"failed":0,"state":"watching"`), {
    what: 'the folder',
    timeoutMs: 8_000,
  });
});

test('a replica registers under the address that is set, or bound, or its first that others can reach', () => {
  const info = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
    ({ address, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 }) as never;
  const interfaces = {
    lo: [info('127.0.0.1', 'IPv4', true)],
    eth0: [info('fe80::1', 'IPv6'), info('172.18.0.5', 'IPv4')],
  };
  const at = (given: string | undefined, bind: string, other = interfaces) =>
    ownAddress({ given, bind, port: 5810, interfaces: other });
  assert.equal(at(undefined, '0.0.0.0'), 'http://172.18.0.5:5810');
  assert.equal(at(undefined, '::'), 'http://172.18.0.5:5810');
  assert.equal(at(undefined, '127.0.0.3'), 'http://127.0.0.3:5810');
  assert.equal(at('fd00::5', '::'), 'http://[fd00::5]:5810');
  assert.equal(at(undefined, '0.0.0.0', { lo: [], eth0: [] }), 'http://127.0.0.1:5810');
});

test('an exchange whose index is away starts, and begins with its folders when the index is back', async (t) => {
  const index = createMemoryDocumentIndex();
  const real = createMemoryFileCatalogue();
  let isAway = true;
  const away = () => Promise.reject(new IndexAwayError('away'));
  const files: typeof real = {
    ...real,
    listFolders: () => (isAway ? away() : real.listFolders()),
    countBySource: () => (isAway ? away() : real.countBySource()),
  };
  const folder = folderOf(t, { 'a.txt': 'apples' });
  const env = { KITH_SHARE: folder };
  const one = await startExchange(t, { documents: { index, files }, env });
  assert.equal((await one.ask('/api/shares')).status, 503);
  isAway = false;
  await waitFor(async () => (await found(one, 'apples')).length === 1, { what: 'the folder to be indexed' });
  assert.equal((await sharesOf(one)).length, 1);
});
