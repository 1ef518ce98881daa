import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import type { DocumentPage, ExchangeStatus, SearchPage } from '@kith/wire';
import { type Running, startExchange } from '../running-exchange.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const blobOf = (node: Running, hash: string) => join(node.data, 'blobs', hash.slice(0, 2), hash.slice(2, 4), hash);
const contentOf = (node: Running, hash: string, headers: Record<string, string> = {}) =>
  node.ask(`/api/documents/${hash}/content`, { headers });

/** Text with a word to be found by, of several pieces. */
const textOf = (word: string) => Buffer.from(`${word} ${randomBytes(350_000).toString('hex')}`);

async function upload(node: Running, name: string, bytes: Buffer<ArrayBuffer>): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([bytes]), name);
  const init = { method: 'POST', body: form };
  return (await node.json<DocumentPage>('/api/documents', init)).documents[0]?.hash ?? '';
}

/** As a disk that forgets: the file's size and times stay. */
function flip(path: string, at: number): void {
  const { atime, mtime } = statSync(path);
  const byte = readFileSync(path)[at] ?? 0;
  const fd = openSync(path, 'r+');
  writeSync(fd, Uint8Array.of(byte ^ 1), 0, 1, at);
  closeSync(fd);
  utimesSync(path, atime, mtime);
}

async function isMarked(node: Running, word: string, name: string, message: RegExp): Promise<void> {
  await waitFor(async () => (await node.json<SearchPage>(`/api/search?q=${word}`)).results.length === 0, {
    what: 'the document to leave the results',
  });
  const { problems = [] } = await node.json<ExchangeStatus>('/api/status');
  assert.deepEqual(
    problems.map(({ path }) => path),
    [name],
  );
  assert.match(problems[0]?.message ?? '', message);
  const events = await node.peers.readEvents({ limit: 50 });
  assert.ok(events.some(({ type, message: said }) => type === 'document-damaged' && said.includes(name)));
}

test('a flipped byte breaks the download off before its end; the document leaves the results until a good copy comes', async (t) => {
  const node = await startExchange(t);
  const bytes = textOf('harbour');
  const hash = await upload(node, 'harbour.txt', bytes);
  flip(blobOf(node, hash), 300_000);
  const answer = await contentOf(node, hash);
  assert.equal(answer.status, 200);
  await assert.rejects(answer.arrayBuffer(), 'the connection breaks off');
  await isMarked(node, 'harbour', 'harbour.txt', /damaged on the disk: upload it again/);
  assert.equal((await contentOf(node, hash)).status, 404);
  assert.ok(existsSync(join(node.data, 'blobs/damaged', hash)), 'the bytes are kept aside');
  assert.equal(await upload(node, 'harbour.txt', bytes), hash);
  assert.deepEqual(Buffer.from(await (await contentOf(node, hash)).arrayBuffer()), bytes);
  assert.deepEqual((await node.json<ExchangeStatus>('/api/status')).problems, []);
});

test('no part is given of a document that is damaged somewhere else; another holder here is taken instead', async (t) => {
  const folder = tempDirectory(t);
  const node = await startExchange(t);
  const bytes = textOf('lighthouse');
  writeFileSync(join(folder, 'copy.txt'), bytes);
  const hash = await upload(node, 'lighthouse.txt', bytes);
  const { id } = await node.share(folder);
  await node.settled(id);
  flip(blobOf(node, hash), 600_000);
  const range = { range: 'bytes=0-99' };
  assert.equal((await contentOf(node, hash, range)).status, 410);
  const again = await contentOf(node, hash, range);
  assert.deepEqual(Buffer.from(await again.arrayBuffer()), bytes.subarray(0, 100));
  assert.equal((await node.json<SearchPage>('/api/search?q=lighthouse')).results.length, 1);
});

test('a shared file whose bytes are not those that were indexed is marked until it is saved anew', async (t) => {
  const folder = tempDirectory(t);
  const node = await startExchange(t);
  const bytes = textOf('anchor');
  const file = join(folder, 'anchor.txt');
  writeFileSync(file, bytes);
  const { id } = await node.share(folder);
  await node.settled(id);
  // As if other bytes had been indexed: size and time fit, and no watch has told of anything.
  const other = sha256('what it was');
  const document = await node.index.get(sha256(bytes));
  assert.ok(document);
  await node.index.put([{ ...document, hash: other }]);
  await node.files.putFiles((await node.files.filesOf(id, { limit: 1 })).map((one) => ({ ...one, hash: other })));
  await node.index.remove([document.hash]);
  await assert.rejects(async () => (await contentOf(node, other)).arrayBuffer());
  await isMarked(node, 'anchor', 'anchor.txt', /bytes have changed although nobody saved it/);
  utimesSync(file, new Date(), new Date(Date.now() - 30_000));
  await waitFor(async () => (await node.json<SearchPage>('/api/search?q=anchor')).results.length === 1, {
    what: 'the file to be indexed again',
  });
});

test('an upload whose bytes are gone leaves the results; where the whole store is away nothing is said of any', async (t) => {
  const node = await startExchange(t);
  const hash = await upload(node, 'pier.txt', textOf('pier'));
  rmSync(blobOf(node, hash));
  assert.equal((await contentOf(node, hash)).status, 410);
  await isMarked(node, 'pier', 'pier.txt', /gone from the data folder: upload it again/);
  const other = await upload(node, 'quay.txt', textOf('quay'));
  rmSync(join(node.data, 'blobs'), { recursive: true });
  assert.equal((await contentOf(node, other)).status, 410);
  assert.equal((await node.json<SearchPage>('/api/search?q=quay')).results.length, 1);
});
