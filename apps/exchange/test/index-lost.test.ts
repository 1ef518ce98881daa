import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createMemoryDocumentIndex, createMemoryFileCatalogue } from '@kith/documents';
import { createMemoryPeerStore, createMemoryReplicaRegistry, createMemoryReplicaState } from '@kith/membership';
import { systemClock } from '@kith/service';
import { tempDirectory, waitFor } from '@kith/testing';
import { type DocumentPage, documentPageSchema } from '@kith/wire';
import { type Running, startExchange } from './running-exchange.ts';

const list = async (node: Running) =>
  documentPageSchema
    .parse(await node.json<DocumentPage>('/api/documents'))
    .documents.toSorted((a, b) => (a.name < b.name ? -1 : 1));
const contentOf = async (node: Running, hash: string) => (await node.ask(`/api/documents/${hash}/content`)).text();
const upload = async (node: Running, name: string, text: string) => {
  const body = new FormData();
  body.append('file', new Blob([text]), name);
  assert.equal((await node.ask('/api/documents', { method: 'POST', body })).status, 201);
};

/** A node with a posted text, uploads of which one has two names and one is deleted again, and a shared folder. */
async function fill(t: TestContext, node: Running): Promise<string> {
  const folder = tempDirectory(t);
  writeFileSync(join(folder, 'apples.txt'), 'apples are red');
  await node.post('Tide table', 'High water at noon.');
  for (const name of ['boats.md', 'ships.md']) await upload(node, name, 'a list of boats');
  await upload(node, 'boats.md', 'another list');
  const gone = await node.post('deleted', 'this one is deleted');
  assert.equal((await node.ask(`/api/documents/${gone}`, { method: 'DELETE' })).status, 204);
  const { id } = await node.share(folder);
  await node.settled(id);
  return id;
}

test('index and catalogue are lost while the exchange is stopped: uploads and shared folders are all back', async (t) => {
  const first = await startExchange(t);
  const share = await fill(t, first);
  const before = await list(first);
  const uploads = await first.files.filesOf('upload', { limit: 10 });
  assert.deepEqual([before.length, uploads.length], [4, 4]);
  await first.stop();
  const second = await startExchange(t, { data: first.data });
  await second.settled(share);
  await waitFor(async () => (await list(second)).length === 4, { what: 'the uploads' });
  assert.deepEqual(await list(second), before);
  assert.deepEqual(await second.files.filesOf('upload', { limit: 10 }), uploads);
  for (const { hash, size } of before) assert.equal((await contentOf(second, hash)).length, size);
  await second.ask(`/api/shares/${share}`, { method: 'DELETE' });
  await second.stop();
  const third = await startExchange(t, { data: first.data });
  await waitFor(async () => (await list(third)).length === 3, { what: 'the uploads' });
  assert.deepEqual(await third.json('/api/shares'), { shares: [] });
});

test('a name that is taken meanwhile costs neither of the two; what was deleted stays deleted', async (t) => {
  const first = await startExchange(t);
  await fill(t, first);
  await first.stop();
  const documents = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  const { files } = documents;
  const between = await startExchange(t, { documents });
  await upload(between, 'boats.md', 'a third list');
  await between.stop();
  const [other] = await files.filesOf('upload', { limit: 1 });
  const second = await startExchange(t, { data: first.data, documents });
  await waitFor(async () => (await files.filesOf('upload', { limit: 10 })).length >= 5, { what: 'the uploads' });
  const names = (await files.filesOf('upload', { limit: 10 })).map(({ path }) => path);
  assert.deepEqual(names, ['Tide table.txt', 'boats (2).md', 'boats (3).md', 'boats.md', 'ships.md']);
  assert.equal((await files.getFile('upload', 'boats.md'))?.size, other?.size);
  await second.stop();
});

test('uploads of a catalogue that is older than the labels get theirs', async (t) => {
  const first = await startExchange(t);
  const hash = await first.post('notes', 'some notes');
  await first.stop();
  const label = join(first.data, 'blobs', hash.slice(0, 2), hash.slice(2, 4), `${hash}.json`);
  writeFileSync(label, '{ damaged');
  const documents = { index: first.index, files: first.files };
  const second = await startExchange(t, { data: first.data, documents });
  await waitFor(() => readFileSync(label, 'utf8').includes('notes.txt'), { what: 'the label' });
  await second.stop();
  const third = await startExchange(t, { data: first.data });
  await waitFor(async () => (await list(third)).length === 1, { what: 'the upload' });
  assert.equal(await contentOf(third, hash), 'some notes');
  assert.equal((await third.ask(`/api/documents/${hash}`, { method: 'DELETE' })).status, 204);
  assert.equal(existsSync(label), false);
});

test('index and catalogue are made anew under a running exchange: within seconds everything is back', async (t) => {
  const peers = createMemoryPeerStore({ clock: systemClock });
  const replicas = createMemoryReplicaRegistry({ clock: systemClock, state: createMemoryReplicaState() });
  let real = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  const through = <T extends object>(pick: () => T): T =>
    new Proxy({} as T, { get: (_, name) => Reflect.get(pick(), name) });
  const documents = { index: through(() => real.index), files: through(() => real.files) };
  const node = await startExchange(t, { peers, replicas, documents });
  const share = await fill(t, node);
  const before = await list(node);
  const isTold = async () => (await peers.readStatus()).documents.count === before.length;
  await waitFor(isTold, { what: 'the count to be told' });
  real = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  await waitFor(async () => (await list(node)).length === before.length, { what: 'everything', timeoutMs: 20_000 });
  assert.deepEqual(await list(node), before);
  assert.equal((await node.settled(share)).files, 1);
});
