import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import type { DocumentPage, SearchPage, Share } from '@kith/wire';
import { type ExchangeProcess, startProcess } from './exchange-process.ts';
import { KEY } from './running-exchange.ts';

const json = async <T>(node: ExchangeProcess, path: string, init?: RequestInit): Promise<T> => {
  const answer = await node.ask(path, init);
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
};
const formOf = (name: string, bytes: Uint8Array<ArrayBuffer>) => {
  const form = new FormData();
  form.append('file', new Blob([bytes]), name);
  return form;
};

test('kill -9 in the middle of uploads: what was acknowledged is there, the rest left nothing', async (t) => {
  const data = tempDirectory(t);
  for (const round of [1, 2]) {
    const node = await startProcess(t, { KITH_DATA: data });
    const acknowledged = new Map<string, Uint8Array>();
    const half = uploadHalf(node.url);
    await waitFor(() => readdirSync(join(data, 'blobs/incoming')).length > 0, {
      what: 'the half upload to be written',
    });
    const loading = (async () => {
      for (let i = 0; ; i++) {
        const bytes = new Uint8Array(randomBytes(20_000));
        const body = formOf(`r${round}-${i}.bin`, bytes);
        const { documents } = await json<DocumentPage>(node, '/api/documents', { method: 'POST', body });
        acknowledged.set(documents[0]?.hash ?? '', bytes);
      }
    })().catch(() => {});
    await waitFor(() => acknowledged.size >= 8 * round, { what: 'some uploads', timeoutMs: 20_000 });
    await node.kill();
    await Promise.all([half, loading]);
    const again = await startProcess(t, { KITH_DATA: data });
    assert.deepEqual(readdirSync(join(data, 'blobs/incoming')), []);
    for (const [hash, bytes] of acknowledged) {
      const answer = await again.ask(`/api/documents/${hash}/content`);
      assert.deepEqual([answer.status, new Uint8Array(await answer.arrayBuffer())], [200, bytes]);
    }
    const found = await json<SearchPage>(again, `/api/search?q="r${round}-0"`);
    assert.equal(found.results[0]?.name, `r${round}-0.bin`);
    await again.kill();
  }
});

test('kill -9 in the middle of indexing: the next start finds every file, once', async (t) => {
  const data = tempDirectory(t);
  const folder = tempDirectory(t);
  for (let i = 0; i < 1_500; i++) {
    if (i % 100 === 0) mkdirSync(join(folder, `d${i / 100}`));
    writeFileSync(
      join(folder, `d${Math.floor(i / 100)}/f${i}.txt`),
      `file ${i} ${createHash('sha256').update(`${i}`).digest('hex')}`,
    );
  }
  const env = { KITH_DATA: data, KITH_SHARE: folder };
  const countOf = async (node: ExchangeProcess) =>
    (await json<{ shares: Share[] }>(node, '/api/shares')).shares[0]?.files ?? 0;
  const first = await startProcess(t, env);
  await waitFor(async () => (await countOf(first)) > 0, { what: 'indexing to be under way', timeoutMs: 20_000 });
  await first.kill();
  const second = await startProcess(t, env);
  await waitFor(async () => (await countOf(second)) >= 1_500, { what: 'all files', timeoutMs: 30_000 });
  const { documents } = await json<{ documents: number }>(second, '/api/status');
  assert.equal(documents, 1_500);
  for (const i of [0, 777, 1_499]) {
    const word = createHash('sha256').update(`${i}`).digest('hex');
    assert.equal((await json<SearchPage>(second, `/api/search?q=${word}`)).results[0]?.name, `f${i}.txt`);
  }
  await second.kill();
});

/** An upload that says it is long and stops half-way. Resolves when the connection is gone. */
function uploadHalf(url: string): Promise<void> {
  return new Promise((resolve) => {
    const call = request(`${url}/api/documents`, {
      method: 'POST',
      headers: {
        'kith-key': KEY,
        'kith-role': 'owner',
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': 10_000_000,
      },
    });
    call.on('error', () => resolve());
    call.write('--x\r\ncontent-disposition: form-data; name="file"; filename="half.bin"\r\n\r\n');
    call.write(randomBytes(1_000_000));
  });
}
