import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import { DOCUMENTS_MIGRATIONS } from '../src/documents/migrations.ts';
import { openSqliteDocuments } from '../src/index.ts';

const hashOf = (i: number) => i.toString(16).padStart(64, '0');
const documentOf = (i: number) => ({
  hash: hashOf(i),
  title: `title${i}xq`,
  name: `name${i}xq.txt`,
  mediaType: 'text/plain',
  size: 1,
  modifiedAt: i,
  text: `begin secret${i}xq ${`filler${i % 7} `.repeat(200)} end`,
});

/** In which of the raw files a word stands. */
const filesWith = (directory: string, word: string) =>
  readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(word));

test('text, title, name and words of a removed document are in no file any more, also not in the journal', async (t) => {
  const directory = tempDirectory(t);
  const { index, files, close } = await openSqliteDocuments({ directory });
  t.after(close);
  for (let i = 100; i < 400; i += 50) await index.put(Array.from({ length: 50 }, (_, n) => documentOf(i + n)));
  await files.putFiles([{ source: 'upload', path: 'path222xq', size: 1, modifiedMs: 1, addedAt: 1, state: 'named' }]);
  const words = ['secret222xq', 'title222xq', 'name222xq', 'path222xq'];
  for (const word of words) assert.notDeepEqual(filesWith(directory, word), [], word);
  await files.removeFiles([{ source: 'upload', path: 'path222xq' }]);
  await index.remove([hashOf(222)]);
  // The index holds a word without what it shares with the one before: `222xq` is what would be left of all of these.
  await waitFor(() => ['222xq', ...words].every((word) => filesWith(directory, word).length === 0), {
    what: 'the words to be gone',
    timeoutMs: 20_000,
  });
  assert.equal((await index.get(hashOf(223)))?.title, 'title223xq');
  await index.remove([hashOf(223), hashOf(224)]);
  await waitFor(() => filesWith(directory, '224xq').length === 0, {
    what: 'the next words to be gone',
    timeoutMs: 60_000,
  });
  assert.equal((await index.statistics()).documents, 297);
});

test('a file of before is rid of what was deleted then; what is in it stays', async (t) => {
  const directory = tempDirectory(t);
  const file = join(directory, 'documents.sqlite');
  const old = new DatabaseSync(file);
  old.exec(`PRAGMA journal_mode = WAL; ${DOCUMENTS_MIGRATIONS[0]} PRAGMA user_version = 1;`);
  for (const i of [1, 2, 3]) {
    old.exec(`INSERT INTO doc VALUES (${i}, '${hashOf(i)}', 'title${i}xq', 'n', 'text/plain', 1, ${i}, 4, 7)`);
    old.exec(`INSERT INTO doc_text VALUES (${i}, 'secret${i}xq text')`);
    old.exec(
      `INSERT INTO f (rowid, s) VALUES (${i}, 'title${i}xq ¶ title${i}xq ¶ title${i}xq ¶ secret${i}xq text ¶ ')`,
    );
  }
  old.exec('UPDATE stat SET documents = 2, total_length = 8');
  for (const table of ['f WHERE rowid', 'doc WHERE id', 'doc_text WHERE id']) old.exec(`DELETE FROM ${table} = 2`);
  old.close();
  assert.deepEqual(filesWith(directory, '2xq'), ['documents.sqlite']);
  const { index, close } = await openSqliteDocuments({ directory });
  t.after(close);
  await waitFor(() => filesWith(directory, '2xq').length === 0, {
    what: 'the old words to be gone',
    timeoutMs: 20_000,
  });
  assert.deepEqual([(await index.get(hashOf(1)))?.text, await index.get(hashOf(2))], ['secret1xq text', undefined]);
  assert.notDeepEqual(filesWith(directory, '3xq'), []);
});

test(
  'files are for this user only, whatever the umask, and those of before are tightened',
  { skip: process.platform === 'win32' },
  async (t) => {
    const before = process.umask(0);
    t.after(() => process.umask(before));
    const directory = join(tempDirectory(t), 'data');
    const opened = await openSqliteDocuments({ directory });
    await opened.index.put([documentOf(1)]);
    const modes = () =>
      readdirSync(directory).map((name) => (statSync(join(directory, name)).mode & 0o777).toString(8));
    assert.deepEqual([...new Set(modes())], ['600']);
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    await opened.close();
    chmodSync(join(directory, 'documents.sqlite'), 0o644);
    const again = await openSqliteDocuments({ directory });
    t.after(again.close);
    await again.index.put([documentOf(2)]);
    assert.deepEqual([...new Set(modes())], ['600']);
  },
);
