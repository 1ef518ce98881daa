import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import type { SearchPage, Share } from '@kith/wire';
import { asPeer, type Running, startExchange } from '../running-exchange.ts';

const sharesOf = async (node: Running) => (await node.json<{ shares: Share[] }>('/api/shares')).shares;
const titles = async (node: Running, q: string) =>
  (await node.json<SearchPage>(`/api/search?scope=here&q=${q}`)).results.map(({ title }) => title).toSorted();

/** The data folder of a node that has a key. */
function dataWithKey(t: TestContext, data = join(tempDirectory(t), 'data')): string {
  mkdirSync(join(data, 'identity'), { recursive: true });
  writeFileSync(join(data, 'identity/key.pem'), 'privatekey words');
  return data;
}
async function fetched(node: Running, text: string): Promise<number> {
  const hash = createHash('sha256').update(text).digest('hex');
  return (await node.ask(`/api/documents/${hash}/content`, { headers: asPeer() })).status;
}
const refused = (node: Running, path: string) =>
  waitFor(async () => (await sharesOf(node)).find((one) => one.path === path && one.state === 'refused'), {
    what: `${path} to be refused`,
    timeoutMs: 15_000,
  });

test('the setting is checked as the page is: the node starts, shares nothing of it and says why', async (t) => {
  const data = dataWithKey(t);
  const link = join(tempDirectory(t), 'link');
  mkdirSync(join(data, 'other'));
  symlinkSync(join(data, 'other'), link);
  const paths = [join(data, 'identity'), data, link, '/', '/etc', '/proc/self'];
  const node = await startExchange(t, { data, env: { KITH_SHARE: paths.join(',') } });
  const problems = new Map<string, string | undefined>();
  for (const path of paths) problems.set(path, (await refused(node, path)).problem);
  assert.match(problems.get(join(data, 'identity')) ?? '', /own data, keys too: share another one/);
  assert.match(problems.get(data) ?? '', /own data/);
  assert.match(problems.get(link) ?? '', /own data/);
  assert.match(problems.get('/') ?? '', /whole disk: share the folders that are meant for others/);
  assert.match(problems.get('/etc') ?? '', /belongs to the system/);
  assert.match(problems.get('/proc/self') ?? '', /belongs to the system/);
  assert.deepEqual(await titles(node, 'privatekey'), []);
  assert.equal(await fetched(node, 'privatekey words'), 404);
});

test('a folder that passes the gate and becomes a link to the node’s data is not shared any more', async (t) => {
  const data = dataWithKey(t);
  const folder = join(tempDirectory(t), 'folder');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'harmless');
  const node = await startExchange(t, { data });
  await node.settled((await node.share(folder)).id);
  rmSync(folder, { recursive: true });
  symlinkSync(join(data, 'identity'), folder);
  await refused(node, folder);
  assert.deepEqual(await titles(node, 'privatekey'), []);
  await waitFor(async () => (await titles(node, 'harmless')).length === 0, {
    what: 'what was indexed to be forgotten',
  });
});

test('a hard link to a file of the node’s own is left out, now and when it comes later', async (t) => {
  const base = tempDirectory(t);
  const data = dataWithKey(t, join(base, 'data'));
  const folder = join(base, 'folder');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'harmless');
  linkSync(join(folder, 'a.txt'), join(folder, 'b.txt'));
  linkSync(join(data, 'identity/key.pem'), join(folder, 'notes.txt'));
  const node = await startExchange(t, { data });
  const { id } = await node.share(folder);
  const share = await node.settled(id);
  assert.deepEqual(share.leftOut, { count: 1, some: [{ path: 'notes.txt', reason: 'this node’s own data' }] });
  assert.equal(share.files, 2);
  linkSync(join(data, 'identity/key.pem'), join(folder, 'later.txt'));
  writeFileSync(join(folder, 'last.txt'), 'more');
  await waitFor(async () => (await titles(node, 'more')).length === 1, { what: 'the last file' });
  assert.deepEqual(await titles(node, 'privatekey'), []);
  assert.equal(await fetched(node, 'privatekey words'), 404);
});

test('secrets in a shared folder are left out and listed, and shared only once the owner names them', async (t) => {
  const folder = tempDirectory(t);
  mkdirSync(join(folder, 'work/.ssh'), { recursive: true });
  mkdirSync(join(folder, 'tls'));
  for (const [path, text] of Object.entries({
    'a.txt': 'harmless',
    'work/.ssh/id_rsa': 'sshsecret',
    'work/.env': 'envsecret',
    'tls/server.pem': 'pemsecret',
    'talk.key': 'x'.repeat(70_000),
  }))
    writeFileSync(join(folder, path), text);
  const node = await startExchange(t);
  const { id } = await node.share(folder);
  const share = await node.settled(id);
  assert.deepEqual(share.leftOut, {
    count: 3,
    some: [
      { path: 'tls/server.pem', reason: 'keys' },
      { path: 'work/.env', reason: 'access to other services' },
      { path: 'work/.ssh/', reason: 'keys' },
    ],
  });
  assert.equal(share.files, 2);
  const name = async (also: string[]) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const answer = await node.ask('/api/shares', { ...init, body: JSON.stringify({ path: folder, also }) });
    return { status: answer.status, body: (await answer.json()) as Share & { message: string } };
  };
  assert.match((await name(['a.txt'])).body.message, /not left out for its name/);
  assert.match((await name(['../x'])).body.message, /by its path in the folder/);
  assert.equal(await fetched(node, 'sshsecret'), 404);
  assert.deepEqual((await name(['work/.ssh/', 'tls/server.pem'])).body.also, ['work/.ssh', 'tls/server.pem']);
  await waitFor(async () => (await fetched(node, 'sshsecret')) === 200, { what: 'the key to be shared' });
  await waitFor(async () => (await fetched(node, 'pemsecret')) === 200, { what: 'the certificate to be shared' });
  assert.equal(await fetched(node, 'envsecret'), 404);
  await name([]);
  assert.notEqual(await fetched(node, 'sshsecret'), 200, 'taken back, it is not served from that moment');
  await waitFor(async () => (await fetched(node, 'sshsecret')) === 404, { what: 'the key to be forgotten' });
});

test('a folder of secrets is refused, and shared only by saying so', async (t) => {
  const folder = join(tempDirectory(t), '.ssh');
  mkdirSync(folder);
  writeFileSync(join(folder, 'config'), 'sshconfig');
  const node = await startExchange(t);
  await assert.rejects(node.share(folder), /known to hold keys.*--also \./);
  const answer = await node.ask('/api/shares', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: folder, also: ['.'] }),
  });
  const { id, also } = (await answer.json()) as Share;
  assert.deepEqual(also, ['.']);
  await node.settled(id);
  assert.deepEqual(await titles(node, 'sshconfig'), ['config']);
});
