import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryDocumentIndex, createMemoryFileCatalogue, type FileCatalogue } from '@kith/documents';
import { createMemoryReplicaRegistry, createMemoryReplicaState } from '@kith/membership';
import { systemClock } from '@kith/service';
import { tempDirectory, waitFor } from '@kith/testing';
import { type SearchPage, uploadedSchema } from '@kith/wire';
import { type Running, startExchange } from '../running-exchange.ts';

const PAIRS = 141;

const formOf = (name: string, text: string) => {
  const form = new FormData();
  form.append('file', new Blob([text]), name);
  return form;
};
async function upload(node: Running, name: string, text: string): Promise<string> {
  const answer = await node.ask('/api/documents', { method: 'POST', body: formOf(name, text) });
  const body = await answer.text();
  assert.equal(answer.status, 201, body);
  return uploadedSchema.parse(JSON.parse(body)).documents[0]?.hash ?? '';
}
const remove = (node: Running, hash: string) => node.ask(`/api/documents/${hash}`, { method: 'DELETE' });

/** Whether a node has the document: all of it, or nothing. */
async function isWhole(node: Running, hash: string, text: string): Promise<boolean> {
  const content = await node.ask(`/api/documents/${hash}/content`);
  const body = await content.text();
  const { results } = await node.json<SearchPage>(`/api/search?q=${text.split(' ')[0]}`);
  const isThere = content.status === 200;
  const blob = join(node.data, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash);
  assert.deepEqual(
    { status: content.status, body: isThere ? body : '', found: results.length, blob: existsSync(blob) },
    isThere ? { status: 200, body: text, found: 1, blob: true } : { status: 404, body: '', found: 0, blob: false },
    'bytes, entry and document are all there or all gone',
  );
  return isThere;
}

/** A catalogue whose call of this name stops, once, until `go` is called. */
function stopAt(name: 'filesWith' | 'removeFiles' | 'getFile' | 'putFiles') {
  const real = createMemoryFileCatalogue();
  const reached = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  const asked: string[] = [];
  let armed = false;
  const files = new Proxy(real, {
    get:
      (target, key: keyof FileCatalogue) =>
      async (...given: unknown[]) => {
        asked.push(key);
        if (key === name && armed) {
          armed = false;
          reached.resolve();
          await going.promise;
        }
        return Reflect.apply(target[key], target, given);
      },
  });
  return { files, asked, reached: reached.promise, go: () => going.resolve(), arm: () => (armed = true) };
}

for (const name of ['getFile', 'removeFiles', 'filesWith'] as const) {
  test(`an upload of what is being deleted, which stops at ${name}, is whole afterwards`, async (t) => {
    const stop = stopAt(name);
    const node = await startExchange(t, { documents: { index: createMemoryDocumentIndex(), files: stop.files } });
    const text = `tide${name} at noon`;
    const hash = await upload(node, 'tide.txt', text);
    const keys = await stop.files.filesWith(hash);
    assert.equal(keys.length, 1);
    stop.arm();
    const deleting = remove(node, hash);
    await stop.reached;
    const before = stop.asked.length;
    const uploading = upload(node, 'tide.txt', text);
    // It has arrived, or (in turn or not) asks already for its name.
    const incoming = join(node.data, 'blobs/incoming');
    await waitFor(() => readdirSync(incoming).length > 0 || stop.asked.slice(before).includes('getFile'), {
      what: 'the upload to have arrived',
    });
    stop.go();
    const [deleted, again] = await Promise.all([deleting, uploading]);
    assert.deepEqual([deleted.status, again], [204, hash]);
    await isWhole(node, hash, text);
    assert.deepEqual(readdirSync(incoming), []);
  });
}

test(`${PAIRS} uploads that meet a deletion of the same content: never half a document`, async (t) => {
  const node = await startExchange(t);
  let kept = 0;
  for (let i = 0; i < PAIRS; i++) {
    const text = `race${i} of two`;
    const hash = await upload(node, `r${i}.txt`, text);
    const [deleted] = await Promise.all([remove(node, hash), upload(node, `s${i % 2 === 0 ? i : `${i}b`}.txt`, text)]);
    assert.equal(deleted.status, 204);
    if (await isWhole(node, hash, text)) kept += 1;
  }
  t.diagnostic(`${kept} of ${PAIRS} uploads came after the deletion`);
});

test('two replicas, one of which deletes what the other takes: never half a document', async (t) => {
  const replicas = () => createMemoryReplicaRegistry({ clock: systemClock, state });
  const state = createMemoryReplicaState();
  const documents = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  const data = join(tempDirectory(t), 'data');
  const [one, two] = [
    await startExchange(t, { data, documents, replicas: replicas() }),
    await startExchange(t, { data, documents, replicas: replicas() }),
  ];
  for (let i = 0; i < 20; i++) {
    const text = `pair${i} of two`;
    const hash = await upload(one, `r${i}.txt`, text);
    const [deleted] = await Promise.all([remove(two, hash), upload(one, `s${i}.txt`, text)]);
    assert.equal(deleted.status, 204);
    await isWhole(one, hash, text);
  }
});

test('a replica that cannot wait for its turn, because Redis is away, takes no bytes along either', async (t) => {
  const documents = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  const data = join(tempDirectory(t), 'data');
  const [one, two] = [await startExchange(t, { data, documents }), await startExchange(t, { data, documents })];
  for (let i = 0; i < PAIRS; i++) {
    const text = `apart${i} of two`;
    const hash = await upload(one, `r${i}.txt`, text);
    await Promise.all([remove(two, hash), upload(one, `s${i}.txt`, text)]);
    // What the index has lost is found by the tidying; bytes are found by nobody.
    const held = await documents.files.filesWith(hash);
    const blob = join(data, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash);
    if (held.length > 0) assert.equal(readFileSync(blob, 'utf8'), text);
  }
});
