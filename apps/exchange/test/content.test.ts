import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import { KEY, type Running, startExchange } from './running-exchange.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const openFiles = () => readdirSync('/proc/self/fd').length;

async function upload(node: Running, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([bytes]), name);
  const { documents } = await node.json<{ documents: { hash: string }[] }>('/api/documents', {
    method: 'POST',
    body: form,
  });
  return `/api/documents/${documents[0]?.hash}/content`;
}

test('a document is downloaded in parts, and only ever as a file', async (t) => {
  const node = await startExchange(t);
  const bytes = new Uint8Array(randomBytes(700_001));
  const path = await upload(node, 'Bild "1" %ü💧.html', bytes);
  const whole = await node.ask(path);
  assert.deepEqual(new Uint8Array(await whole.arrayBuffer()), bytes);
  const header = (name: string, answer = whole) => answer.headers.get(name);
  assert.equal(header('etag'), `"${sha256(bytes)}"`);
  assert.equal(header('content-length'), '700001');
  assert.equal(
    header('content-disposition'),
    `attachment; filename="Bild _1_ _u.html"; filename*=UTF-8''Bild%20%221%22%20%25%C3%BC%F0%9F%92%A7.html`,
  );
  assert.equal(header('content-security-policy'), "sandbox; default-src 'none'");
  assert.equal(header('x-content-type-options'), 'nosniff');
  const etag = header('etag') ?? '';
  const part = async (range: string, headers: Record<string, string> = {}) => {
    const answer = await node.ask(path, { headers: { range, ...headers } });
    const body = new Uint8Array(await answer.arrayBuffer());
    return `${answer.status} ${answer.headers.get('content-range')} ${body.length} ${answer.status < 300 && sha256(body)}`;
  };
  const expected = (from: number, to: number) =>
    `206 bytes ${from}-${to}/700001 ${to - from + 1} ${sha256(bytes.subarray(from, to + 1))}`;
  const all = `200 null 700001 ${sha256(bytes)}`;
  assert.equal(await part('bytes=0-0'), expected(0, 0));
  assert.equal(await part('bytes=262143-600000'), expected(262143, 600000));
  assert.equal(await part('bytes=700000-'), expected(700000, 700000));
  assert.equal(await part('bytes=-5'), expected(699996, 700000));
  assert.equal(await part('bytes=5-99999999'), expected(5, 700000));
  assert.equal(await part('bytes=0-9', { 'if-range': etag }), expected(0, 9));
  for (const odd of ['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-', 'bytes=a-b'])
    assert.equal(await part(odd), all, odd);
  assert.equal(await part('bytes=0-9', { 'if-range': '"another"' }), all);
  assert.match(await part('bytes=700001-'), /^416 bytes \*\/700001 /);
  assert.match(await part('bytes=-0'), /^416 /);
  const head = await node.ask(path, { method: 'HEAD' });
  assert.deepEqual([head.status, header('content-length', head), header('etag', head)], [200, '700001', etag]);
  assert.equal((await node.ask(path, { headers: { 'if-none-match': etag } })).status, 304);
});

test('an empty document has no bytes', async (t) => {
  const node = await startExchange(t);
  const answer = await node.ask(await upload(node, 'empty', new Uint8Array(0)));
  assert.deepEqual([answer.status, answer.headers.get('content-length'), await answer.text()], [200, '0', '']);
});

test('a file is served only while it is what was indexed, and never through a link', async (t) => {
  const folder = tempDirectory(t);
  const outside = tempDirectory(t);
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in/a.txt'), 'first words');
  writeFileSync(join(outside, 'a.txt'), 'first words');
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  await node.settled(id);
  const path = `/api/documents/${sha256('first words')}/content`;
  assert.equal(await (await node.ask(path)).text(), 'first words');
  appendFileSync(join(folder, 'in/a.txt'), ' and more');
  assert.equal((await node.ask(path)).status, 410);
  const changed = `/api/documents/${sha256('first words and more')}/content`;
  await waitFor(async () => (await node.ask(changed)).status === 200, { what: 'the changed file to be served' });
  renameSync(join(folder, 'in'), join(folder, 'was'));
  writeFileSync(join(outside, 'a.txt'), 'first words and more');
  symlinkSync(outside, join(folder, 'in'));
  const answer = await node.ask(changed);
  assert.notEqual(answer.status, 200, 'a folder that became a link leads nowhere');
  await waitFor(async () => (await node.ask(changed)).status === 200, { what: 'the moved file to be served' });
});

test('a file that changes during its download breaks the download off', async (t) => {
  const folder = tempDirectory(t);
  const bytes = randomBytes(8_000_000);
  writeFileSync(join(folder, 'big.bin'), bytes);
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  await node.settled(id);
  const before = openFiles();
  const answer = await node.ask(`/api/documents/${sha256(bytes)}/content`);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  appendFileSync(join(folder, 'big.bin'), 'x');
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  });
  await waitFor(() => openFiles() <= before, { what: 'the file to be closed' });
});

test('downloads that nobody reads on leave no file open', async (t) => {
  const node = await startExchange(t);
  const path = await upload(node, 'big.bin', new Uint8Array(20_000_000));
  const before = openFiles();
  for (let i = 0; i < 8; i++) {
    await new Promise<void>((resolve, reject) => {
      const call = request(`${node.url}${path}`, { headers: { 'kith-key': KEY, 'kith-role': 'owner' }, agent: false });
      call.on('error', reject);
      call.on('response', (answer) => {
        answer.once('data', () => answer.destroy());
        answer.once('close', resolve);
      });
      call.end();
    });
  }
  await waitFor(() => openFiles() <= before, { what: 'the files to be closed' });
});
