import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import {
  type DocumentPage,
  documentDetailSchema,
  documentPageSchema,
  searchPageSchema,
  uploadedSchema,
} from '@kith/wire';
import { asPeer, KEY, startExchange } from './running-exchange.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

test('a posted text is found, read, listed, downloaded and removed', async (t) => {
  const node = await startExchange(t);
  const hash = await node.post('Tide table', 'High water at noon.');
  assert.equal(hash, sha256('High water at noon.'));
  const found = searchPageSchema.parse(await node.json('/api/search?q=water'));
  assert.deepEqual(
    found.results.map(({ title, name, holders, snippet }) => ({
      title,
      name,
      holder: holders[0]?.name,
      text: snippet?.text,
    })),
    [{ title: 'Tide table', name: 'Tide table.txt', holder: 'ana', text: 'High water at noon.' }],
  );
  const detail = documentDetailSchema.parse(await node.json(`/api/documents/${hash}`));
  assert.deepEqual([detail.indexed, detail.files], [true, [{ source: 'upload', path: 'Tide table.txt' }]]);
  const page = documentPageSchema.parse(await node.json<DocumentPage>('/api/documents'));
  assert.deepEqual([page.total, page.documents.map((one) => one.hash), page.next], [1, [hash], undefined]);
  assert.deepEqual(await node.json(`/api/documents/${hash}/text?from=5&length=5`), {
    text: 'water',
    from: 5,
    total: 19,
  });
  assert.equal(await (await node.ask(`/api/documents/${hash}/content`)).text(), 'High water at noon.');
  assert.equal((await node.ask(`/api/documents/${hash}`, { method: 'DELETE' })).status, 204);
  assert.equal((await node.ask(`/api/documents/${hash}/content`)).status, 404);
  assert.equal(existsSync(join(node.data, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash)), false);
  assert.deepEqual((await node.json<DocumentPage>('/api/documents')).documents, []);
});

test('uploaded files keep their names as text, and one name may stand for two contents', async (t) => {
  const node = await startExchange(t);
  const form = new FormData();
  form.append('file', new Blob(['# Boats\n\nA list of boats.']), 'boats.md');
  form.append('file', new Blob(['another list']), 'boats.md');
  form.append('file', new Blob([new Uint8Array([0, 1, 2, 255])]), 'späne \u202e.bin');
  const answer = await node.ask('/api/documents', { method: 'POST', body: form });
  assert.equal(answer.status, 201);
  const { documents, problems } = uploadedSchema.parse(await answer.json());
  assert.deepEqual(problems, []);
  assert.deepEqual(
    documents.map(({ title, name, mediaType, size }) => [title, name, mediaType, size]),
    [
      ['Boats', 'boats.md', 'text/markdown', 25],
      ['boats.md', 'boats.md', 'text/markdown', 12],
      ['späne \u202e.bin', 'späne \u202e.bin', 'application/octet-stream', 4],
    ],
  );
  const uploads = await node.files.filesOf('upload', { limit: 10 });
  assert.deepEqual(
    uploads.map(({ path, state }) => [path, state]),
    [
      ['boats (2).md', 'indexed'],
      ['boats.md', 'indexed'],
      ['späne \u202e.bin', 'named'],
    ],
  );
});

test('a file above the limit is refused, the others of the request are kept, and nothing is left over', async (t) => {
  const node = await startExchange(t, { env: { KITH_UPLOAD_LIMIT: '1000' } });
  const form = new FormData();
  form.append('file', new Blob(['x'.repeat(200_000)]), 'big.txt');
  form.append('file', new Blob(['small']), 'small.txt');
  const answer = uploadedSchema.parse(await node.json('/api/documents', { method: 'POST', body: form }));
  assert.deepEqual(
    answer.documents.map(({ name }) => name),
    ['small.txt'],
  );
  assert.deepEqual(
    answer.problems.map(({ name }) => name),
    ['big.txt'],
  );
  const alone = new FormData();
  alone.append('file', new Blob(['x'.repeat(200_000)]), 'big.txt');
  const refused = await node.ask('/api/documents', { method: 'POST', body: alone });
  assert.deepEqual([refused.status, ((await refused.json()) as { error: string }).error], [413, 'too_large']);
  assert.deepEqual(readdirSync(join(node.data, 'blobs', 'incoming')), []);
});

test('an upload that breaks off leaves nothing', async (t) => {
  const node = await startExchange(t);
  const incoming = join(node.data, 'blobs/incoming');
  const leaving = new AbortController();
  const endless = async function* () {
    yield Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="half.bin"\r\n\r\n');
    while (!leaving.signal.aborted) {
      yield Buffer.alloc(50_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const sent = node.ask('/api/documents', {
    method: 'POST',
    body: endless() as never,
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    duplex: 'half',
    signal: leaving.signal,
  } as RequestInit);
  await waitFor(() => readdirSync(incoming).length === 1, { what: 'the upload to be under way' });
  leaving.abort();
  await assert.rejects(sent);
  await waitFor(() => readdirSync(incoming).length === 0, { what: 'the half file to be removed' });
  assert.deepEqual(await node.files.countBySource(), {});
});

test('an owner’s page is told of changes', async (t) => {
  const node = await startExchange(t);
  const closing = new AbortController();
  const answer = await node.ask('/api/events', { signal: closing.signal });
  let text = '';
  const reading = (async () => {
    for await (const part of answer.body as ReadableStream<Uint8Array>) text += Buffer.from(part).toString();
  })().catch(() => {});
  await waitFor(() => text.includes('event: shares\ndata: {"shares":[]}'), { what: 'the first word' });
  await node.post('one', 'one');
  await waitFor(() => /event: documents\ndata: \{"count":1,"version":\d+\}/.test(text), { what: 'the new document' });
  await node.share(tempDirectory(t));
  await waitFor(() => text.includes('"state":"watching"'), { what: 'the new share' });
  closing.abort();
  await reading;
});

test('pages of the list follow one another without a gap', async (t) => {
  const node = await startExchange(t);
  for (let i = 0; i < 7; i++) await node.post(`t${i}`, `text ${i}`);
  const seen: string[] = [];
  let after = '';
  for (;;) {
    const page = documentPageSchema.parse(await node.json(`/api/documents?limit=3${after && `&after=${after}`}`));
    seen.push(...page.documents.map(({ title }) => title));
    if (page.next === undefined) break;
    after = page.next;
  }
  assert.deepEqual(seen.toSorted(), ['t0', 't1', 't2', 't3', 't4', 't5', 't6']);
});

test('nobody without the key, and a peer only where it may', async (t) => {
  const node = await startExchange(t);
  const hash = await node.post('secret plan', 'of mice');
  const statusOf = async (path: string, headers: Record<string, string>, method = 'GET') =>
    (await fetch(`${node.url}${path}`, { method, headers })).status;
  assert.equal(await statusOf('/api/status', {}), 403);
  assert.equal(await statusOf('/api/status', { 'kith-key': `${KEY}x`, 'kith-role': 'owner' }), 403);
  assert.equal(await statusOf('/api/status', { 'kith-key': KEY }), 403, 'no role');
  assert.equal(await statusOf('/api/status', { 'kith-key': KEY, 'kith-role': 'peer' }), 403, 'no peer id');
  assert.equal(await statusOf('/healthz', {}), 200);
  const peer = { 'kith-key': KEY, ...asPeer() };
  for (const path of [
    '/api/status',
    '/api/documents',
    `/api/documents/${hash}`,
    `/api/documents/${hash}/content`,
    `/api/documents/${hash}/text`,
    '/',
  ])
    assert.equal(await statusOf(path, peer), 200, path);
  for (const path of ['/api/shares', '/api/search?q=mice', '/api/events'])
    assert.equal(await statusOf(path, peer), 403, path);
  assert.equal(await statusOf('/api/documents', peer, 'POST'), 403);
  assert.equal(await statusOf(`/api/documents/${hash}`, peer, 'DELETE'), 403);
  const detail = (await node.json(`/api/documents/${hash}`, { headers: asPeer() })) as { files?: unknown };
  assert.equal(detail.files, undefined, 'where files lie is the owner’s affair');
});

test('the count of documents reaches the status that the pingback tells', async (t) => {
  const node = await startExchange(t);
  await node.post('one', 'one');
  await waitFor(async () => (await node.peers.readStatus()).documents.count === 1, { what: 'the status' });
});
