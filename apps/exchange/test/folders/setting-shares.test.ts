import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryDocumentIndex, createMemoryFileCatalogue } from '@kith/documents';
import { tempDirectory, waitFor } from '@kith/testing';
import type { Share } from '@kith/wire';
import type { ListedFolder } from '../../src/folders/folder-list.ts';
import { shareIdOf, sharesOfSetting } from '../../src/folders/setting-shares.ts';
import { type Running, startExchange } from '../running-exchange.ts';

const listed = (path: string, fromSetting = false, id = shareIdOf(path)): ListedFolder => ({
  ...{ id, path, addedAt: 1, also: [], fromSetting },
});
/** `/link` leads to `/real`, unless its drive is out. */
const realPathOf = async (path: string) => (path === '/link' ? '/real' : path === '/away' ? undefined : path);

test('what a start makes of the setting', async () => {
  const plan = async (setting: string[], folders: ListedFolder[] = [], ended: string[] = []) => {
    const { begun, over, forgotten } = await sharesOfSetting({ setting, listed: folders, ended, realPathOf });
    return [begun.map(({ path }) => path), over.map(({ path }) => path), forgotten];
  };
  assert.deepEqual(await plan(['/a', '/away']), [['/a', '/away'], [], []]);
  assert.deepEqual(await plan(['/link', '/real']), [['/link'], [], []], 'one folder, once');
  assert.deepEqual(await plan(['/link'], [listed('/link', true, shareIdOf('/link'))]), [[], [], []], 'drive was out');
  assert.deepEqual(await plan(['/link'], [listed('/real')]), [[], [], []]);
  assert.deepEqual(await plan(['/b'], [listed('/a', true), listed('/c')]), [['/b'], ['/a'], []]);
  assert.deepEqual(await plan(['/a'], [], ['/a']), [[], [], []], 'ended by the owner');
  assert.deepEqual(await plan(['/link'], [], ['/real']), [[], [], []], 'by whatever name');
  assert.deepEqual(await plan([], [], ['/a']), [[], [], ['/a']]);
});

const sharesOf = async (node: Running) => (await node.json<{ shares: Share[] }>('/api/shares')).shares;

test('a folder of the setting ends with it; what the owner has ended or shared himself stays so', async (t) => {
  const base = tempDirectory(t);
  const [one, two, three] = ['one', 'two', 'three'].map((name) => join(base, name)) as [string, string, string];
  for (const path of [one, two, three]) {
    mkdirSync(path);
    writeFileSync(join(path, 'a.txt'), `words of ${path}`);
  }
  const data = join(base, 'data');
  const documents = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  const start = (...paths: string[]) => startExchange(t, { data, documents, env: { KITH_SHARE: paths.join(',') } });
  const paths = async (node: Running) => (await sharesOf(node)).map(({ path }) => path).toSorted();

  const first = await start(one, two, three);
  const shares = await sharesOf(first);
  assert.deepEqual(
    shares.map(({ fromSetting }) => fromSetting),
    [true, true, true],
  );
  const idOf = (path: string) => shares.find((share) => share.path === path)?.id ?? '';
  await first.settled(idOf(one));
  assert.equal((await first.ask(`/api/shares/${idOf(two)}`, { method: 'DELETE' })).status, 204);
  assert.equal((await first.share(three)).fromSetting, undefined, 'his own from now on');
  await first.stop();

  const second = await start(one, two, three);
  assert.deepEqual(await paths(second), [one, three].toSorted(), 'unshared stays unshared');
  await second.stop();

  const third = await start();
  assert.deepEqual(await paths(third), [three]);
  await waitFor(async () => (await documents.files.filesOf(idOf(one), { limit: 1 })).length === 0, {
    what: 'the files of the folder of the setting to be forgotten',
  });
  await third.stop();

  const fourth = await start(two);
  assert.deepEqual(await paths(fourth), [three, two].toSorted(), 'a setting that names it anew is a new wish');
});

test('a folder that is named through a link whose drive is out at first is shared once', async (t) => {
  const base = tempDirectory(t);
  const [drive, link, data] = ['drive', 'link', 'data'].map((name) => join(base, name)) as [string, string, string];
  symlinkSync(drive, link);
  const documents = { index: createMemoryDocumentIndex(), files: createMemoryFileCatalogue() };
  const start = () => startExchange(t, { data, documents, env: { KITH_SHARE: link } });
  const first = await start();
  assert.equal((await sharesOf(first)).length, 1);
  mkdirSync(join(base, 'made'));
  writeFileSync(join(base, 'made/a.txt'), 'words');
  renameSync(join(base, 'made'), drive);
  await first.stop();
  const second = await start();
  const [share, ...others] = await sharesOf(second);
  assert.equal(others.length, 0);
  await second.settled(share?.id ?? '');
  assert.equal((await documents.files.filesOf(share?.id ?? '', { limit: 10 })).length, 1);
});

test('a drive that comes back as a folder that is shared already is told, and its files are listed once', async (t) => {
  const base = tempDirectory(t);
  const [drive, link] = ['drive', 'link'].map((name) => join(base, name)) as [string, string];
  symlinkSync(drive, link);
  const other = join(base, 'other');
  symlinkSync(drive, other);
  const node = await startExchange(t, { env: { KITH_SHARE: `${link},${other}` } });
  mkdirSync(drive);
  writeFileSync(join(drive, 'a.txt'), 'words');
  const refused = await waitFor(async () => (await sharesOf(node)).find(({ state }) => state === 'refused'), {
    what: 'one of the two to be refused',
    timeoutMs: 20_000,
  });
  assert.match(refused.problem ?? '', /same folder as .* stop sharing one of the two/);
  const [served] = (await sharesOf(node)).filter(({ id }) => id !== refused.id);
  await node.settled(served?.id ?? '');
  assert.equal((await node.files.filesOf(refused.id, { limit: 1 })).length, 0);
});

test('an empty shared folder is not called unreadable while the index is away', async (t) => {
  const folder = tempDirectory(t);
  const files = createMemoryFileCatalogue();
  let isAway = false;
  const asked = { count: 0 };
  const filesOf: typeof files.filesOf = async (...args) => {
    asked.count++;
    if (isAway) throw Object.assign(new Error('away'), { code: 'index_away' });
    return files.filesOf(...args);
  };
  const documents = { index: createMemoryDocumentIndex(), files: { ...files, filesOf } };
  const data = join(tempDirectory(t), 'data');
  const first = await startExchange(t, { data, documents });
  await first.settled((await first.share(folder)).id);
  await first.stop();
  isAway = true;
  const second = await startExchange(t, { data, documents });
  const before = asked.count;
  await waitFor(() => asked.count > before + 1, { what: 'the folder to be looked at', timeoutMs: 15_000 });
  const [share] = await sharesOf(second);
  assert.deepEqual([share?.state, share?.problem], ['scanning', undefined]);
  isAway = false;
  await second.settled(share?.id ?? '');
});
