import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import type { SearchPage, Share } from '@kith/wire';
import { type Running, startExchange } from './running-exchange.ts';

const titles = async (node: Running, q: string) =>
  (await node.json<SearchPage>(`/api/search?scope=here&q=${encodeURIComponent(q)}`)).results.map(({ title }) => title);
const paths = async (node: Running, id: string) =>
  (await node.files.filesOf(id, { limit: 1000 })).map(({ path, state }) => `${path} ${state}`);

test('a shared folder is indexed as it lies, without what is hidden, linked or no file', async (t) => {
  const folder = tempDirectory(t);
  const outside = tempDirectory(t);
  writeFileSync(join(outside, 'secret.txt'), 'secret lighthouse');
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'a/b/deep.txt'), 'deep lighthouse');
  writeFileSync(join(folder, 'a-b.md'), '---\ntags: x\n---\n## Of lamps\nlighthouse');
  writeFileSync(
    join(folder, 'page.html'),
    '<title>A &amp; B</title><script>lighthouse()</script><p>the <b>light</b>house',
  );
  writeFileSync(join(folder, 'photo lighthouse.jpg'), Buffer.from([0xff, 0xd8, 0xff, 0, 1]));
  for (const hidden of ['.env', '.git/config', 'node_modules/x.js', 'half.part', '~$lock.docx'])
    writeFileSync(join(folder, hidden), 'lighthouse');
  symlinkSync(outside, join(folder, 'link'));
  symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  const share = await node.settled(id);
  assert.deepEqual([share.files, share.failed, share.problem], [4, 0, undefined]);
  assert.deepEqual(await paths(node, id), [
    'a-b.md indexed',
    'a/b/deep.txt indexed',
    'page.html indexed',
    'photo lighthouse.jpg named',
  ]);
  assert.deepEqual((await titles(node, 'lighthouse')).toSorted(), [
    'A & B',
    'Of lamps',
    'deep.txt',
    'photo lighthouse.jpg',
  ]);
  assert.deepEqual(await titles(node, 'secret'), []);
});

test('new, changed, renamed, moved and removed files are followed', async (t) => {
  const folder = tempDirectory(t);
  writeFileSync(join(folder, 'one.txt'), 'oyster');
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  await node.settled(id);
  const found = (q: string, expected: string[]) =>
    waitFor(async () => JSON.stringify((await titles(node, q)).toSorted()) === JSON.stringify(expected), {
      what: `${q} to be in ${expected.join(', ')}`,
    });
  await found('oyster', ['one.txt']);
  mkdirSync(join(folder, 'new/deeper'), { recursive: true });
  writeFileSync(join(folder, 'new/deeper/two.txt'), 'oyster and mussel');
  await found('oyster', ['one.txt', 'two.txt']);
  writeFileSync(join(folder, 'one.txt'), 'cockle now');
  await found('cockle', ['one.txt']);
  await found('oyster', ['two.txt']);
  renameSync(join(folder, 'new'), join(folder, 'old'));
  await waitFor(async () => (await paths(node, id)).includes('old/deeper/two.txt indexed'), {
    what: 'the moved folder',
  });
  await waitFor(async () => (await paths(node, id)).length === 2, { what: 'the old place to be forgotten' });
  writeFileSync(join(folder, 'old/deeper/three.txt'), 'whelk');
  await found('whelk', ['three.txt']);
  renameSync(join(folder, 'old/deeper/three.txt'), join(folder, 'renamed.txt'));
  await found('whelk', ['renamed.txt']);
  rmSync(join(folder, 'old'), { recursive: true });
  await found('oyster', []);
});

test('two files of one content are one document, called as one of those that are left', async (t) => {
  const folder = tempDirectory(t);
  for (const name of ['first.txt', 'second.txt']) writeFileSync(join(folder, name), 'same words');
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  await node.settled(id);
  const [first = ''] = await titles(node, 'same');
  assert.equal((await titles(node, 'same')).length, 1);
  rmSync(join(folder, first));
  const other = first === 'first.txt' ? 'second.txt' : 'first.txt';
  await waitFor(async () => (await titles(node, 'same'))[0] === other, { what: 'the other name' });
});

test('a name that is not UTF-8 and a file that may not be read are reported on the file', async (t) => {
  const folder = tempDirectory(t);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]), 'coffee');
  writeFileSync(join(folder, 'fine.txt'), 'tea');
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  const share = await node.settled(id);
  assert.deepEqual([share.files, share.failed], [2, 1]);
  const { problems } = await node.json<{ problems: { source: string; path: string; message: string }[] }>(
    '/api/status',
  );
  assert.deepEqual(problems, [
    { source: folder, path: 'caf\\xe9.txt', message: 'Its name is not UTF-8: rename it to share it.' },
  ]);
});

test('a folder that vanishes stays listed and comes back; stopped sharing, it is gone at once', async (t) => {
  const folder = join(tempDirectory(t), 'drive');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'anchor');
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  await node.settled(id);
  renameSync(folder, `${folder}-away`);
  const state = (wanted: Share['state'], problem = /^/) =>
    waitFor(
      async () =>
        (await node.json<{ shares: Share[] }>('/api/shares')).shares.find(
          (one) => one.state === wanted && problem.test(one.problem ?? ''),
        ),
      { what: `the share to be ${wanted}`, timeoutMs: 15_000 },
    );
  await state('unreadable', /not there: connect its drive/);
  assert.deepEqual(await titles(node, 'anchor'), ['a.txt']);
  const [document] = (await node.json<SearchPage>('/api/search?q=anchor')).results;
  assert.equal((await node.ask(`/api/documents/${document?.hash}/content`)).status, 503);
  mkdirSync(folder);
  await state('unreadable', /is empty/);
  assert.deepEqual(await titles(node, 'anchor'), ['a.txt'], 'an empty mount point is not an emptied folder');
  rmSync(folder, { recursive: true });
  renameSync(`${folder}-away`, folder);
  await state('watching');
  assert.equal((await node.ask(`/api/documents/${document?.hash}/content`)).status, 200);
  assert.equal((await node.ask(`/api/shares/${id}`, { method: 'DELETE' })).status, 204);
  assert.deepEqual(await titles(node, 'anchor'), []);
  assert.deepEqual(await paths(node, id), []);
});

test('what must not be shared is refused with a reason', async (t) => {
  const folder = tempDirectory(t);
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'file'), '');
  const node = await startExchange(t);
  await node.share(folder);
  const refusal = async (path: string) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await node.ask('/api/shares', { method: 'POST', body: JSON.stringify({ path }), headers });
    return `${answer.status} ${((await answer.json()) as { message: string }).message}`;
  };
  assert.match(await refusal(folder), /^409 .*shared already/);
  assert.match(await refusal(join(folder, 'inner')), /^409 .*shared already/);
  assert.match(await refusal('relative'), /^400 .*whole path/);
  assert.match(await refusal(join(folder, 'none')), /^400 .*no such folder/);
  assert.match(await refusal(join(folder, 'file')), /^400 .*a file/);
  assert.match(await refusal('/'), /^400 .*whole disk/);
  assert.match(await refusal(node.data), /^400 .*own data/);
});

test('the node’s own data inside a shared folder is left out', async (t) => {
  const folder = tempDirectory(t);
  const data = join(folder, 'kith');
  mkdirSync(join(data, 'identity'), { recursive: true });
  writeFileSync(join(data, 'identity/key.pem'), 'private words');
  writeFileSync(join(folder, 'a.txt'), 'public words');
  const node = await startExchange(t, { data });
  const { id } = await node.share(folder);
  await node.settled(id);
  assert.deepEqual(await paths(node, id), ['a.txt indexed']);
  writeFileSync(join(data, 'identity/other.pem'), 'private words too');
  writeFileSync(join(folder, 'b.txt'), 'more');
  await waitFor(async () => (await paths(node, id)).includes('b.txt indexed'), { what: 'the new file' });
  assert.equal((await paths(node, id)).length, 2);
});

test('a file whose time lies in the future is not waited for', async (t) => {
  const folder = tempDirectory(t);
  writeFileSync(join(folder, 'a.txt'), 'tomorrow');
  utimesSync(join(folder, 'a.txt'), new Date(), new Date(Date.now() + 86_400_000));
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  await node.settled(id);
  assert.deepEqual(await titles(node, 'tomorrow'), ['a.txt']);
});
