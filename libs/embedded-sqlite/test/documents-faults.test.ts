import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { parseQuery } from '@kith/documents';
import { sampleDocument, sampleFile } from '@kith/documents/compliance';
import { isRoot, skipUnless, tempDirectory } from '@kith/testing';
import { openDocumentsDatabase } from '../src/documents/database.ts';
import { openSqliteDocuments, portsOf } from '../src/documents/open-sqlite-documents.ts';
import { createDocumentsWorker } from '../src/documents/worker-client.ts';

const some = (count: number, size = 50) =>
  Array.from({ length: count }, (_, i) => sampleDocument({ title: `D${i}`, text: `word ${'filler '.repeat(size)}` }));
const search = { query: parseQuery('word'), candidates: 5, snippets: 1 };

for (const lines of [1, 20, 120]) {
  test(`kill -9 after ${lines} acknowledged calls: all of them are there`, async (t) => {
    const directory = tempDirectory(t);
    const child = spawn(process.execPath, [fileURLToPath(new URL('kill-child.ts', import.meta.url)), directory]);
    t.after(() => child.kill('SIGKILL'));
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > lines) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const acknowledged = said.split('\n').slice(0, -1);
    assert.ok(acknowledged.length >= lines);
    const { index, files, close, recovery } = await openSqliteDocuments({ directory });
    t.after(close);
    assert.equal(recovery, undefined);
    for (const line of acknowledged) {
      const [path = '', ...hashes] = line.split(' ');
      assert.ok(await files.getFile('s', path), path);
      for (const hash of hashes) assert.ok(await index.get(hash), hash);
    }
    const { documents } = await index.statistics();
    assert.ok(documents >= 3 * acknowledged.length);
    const { df, matches } = await index.search(search);
    assert.deepEqual([df, matches], [[documents], documents]);
  });
}

test('a thread that dies takes its calls with it, and the next one goes on', async (t) => {
  const directory = tempDirectory(t);
  const started: Worker[] = [];
  const workerData = { file: join(directory, 'documents.sqlite') };
  const start = () => {
    const worker = new Worker(new URL('../src/documents/worker.ts', import.meta.url), { workerData });
    started.push(worker);
    return worker;
  };
  const client = createDocumentsWorker({ start });
  const { index, close } = portsOf(client);
  t.after(close);
  await client.opened;
  await index.put(some(3));
  const lost = index.put(some(500, 500));
  await Promise.all([assert.rejects(lost, { code: 'index_away' }), started[0]?.terminate()]);
  assert.ok((await index.statistics()).documents >= 3);
  await index.put(some(500, 500));
  assert.equal((await index.search(search)).matches, 503);
  assert.equal(started.length, 2);
  for (let i = 0; i < 4; i++) {
    const call = index.statistics().catch(() => undefined);
    await Promise.all([started.at(-1)?.terminate(), call]);
    await index.statistics().catch(() => undefined);
  }
  await assert.rejects(index.statistics(), { code: 'index_away', message: /again and again/ });
});

test('a search waits for no more than the turn of an indexing that goes on', async (t) => {
  const { index, close } = await openSqliteDocuments({ directory: tempDirectory(t) });
  t.after(close);
  await index.put(some(5));
  let over = false;
  const putting = index.put(some(1500, 400)).then(() => {
    over = true;
  });
  let answered = 0;
  while (!over && answered < 3) {
    await index.search(search);
    answered++;
  }
  assert.equal(answered, 3);
  assert.equal(over, false);
  await putting;
});

test('more calls than may wait are refused, the others are answered', async (t) => {
  const { index, close } = await openSqliteDocuments({ directory: tempDirectory(t) });
  t.after(close);
  const calls = await Promise.allSettled(Array.from({ length: 10_050 }, () => index.statistics()));
  const refused = calls.filter(({ status }) => status === 'rejected');
  assert.equal(refused.length, 50);
  assert.ok(refused.every((one) => one.status === 'rejected' && one.reason.code === 'too_many_requests'));
});

test('a file that is no database is moved aside, and said', async (t) => {
  const directory = tempDirectory(t);
  const file = join(directory, 'documents.sqlite');
  writeFileSync(file, 'this is no database, however long it may be. '.repeat(200));
  const warnings: string[] = [];
  const log = { warn: (_: unknown, message: string) => warnings.push(message) };
  const { index, close, recovery } = await openSqliteDocuments({ directory, log });
  t.after(close);
  assert.match(readFileSync(recovery?.movedTo ?? '', 'utf8'), /^this is no database/);
  assert.match(warnings.join(), /damaged.*moved aside/);
  await index.put(some(2));
  assert.equal((await index.search(search)).matches, 2);
});

test('what only seemed damaged, because the disk failed in one read, is not moved aside', async (t) => {
  const directory = tempDirectory(t);
  const first = await openSqliteDocuments({ directory });
  await first.index.put(some(20));
  await first.close();
  const { database, recovery } = openDocumentsDatabase(join(directory, 'documents.sqlite'), 'a read failed');
  t.after(() => database.close());
  assert.equal(recovery, undefined);
  assert.equal(database.prepare('SELECT count(*) AS n FROM doc').get()?.n, 20);
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.includes('damaged')),
    [],
  );
});

test('damage that shows while running: the calls fail, the rest is taken over, the node goes on', async (t) => {
  const directory = tempDirectory(t);
  const file = join(directory, 'documents.sqlite');
  const first = await openSqliteDocuments({ directory });
  await first.files.putFolder({ id: 'f', path: '/home/x', addedAt: 1 });
  await first.files.putFiles([sampleFile({ hash: some(1)[0]?.hash ?? '', state: 'indexed' })]);
  await first.index.put(some(300));
  await first.close();
  const layout = new DatabaseSync(file, { readOnly: true });
  const root = Number(layout.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'doc_newest'").get()?.rootpage);
  layout.close();
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, (root - 1) * 4096);
  closeSync(handle);
  const warned = Promise.withResolvers<{ documents?: number; folders?: number; files?: number }>();
  const log = { warn: (fields: object) => warned.resolve(fields) };
  const { index, files, close } = await openSqliteDocuments({ directory, log });
  t.after(close);
  await assert.rejects(index.list({ limit: 5 }), { code: 'index_away' });
  assert.equal((await index.list({ limit: 500 })).length, 300);
  const { documents, folders, files: saved } = await warned.promise;
  assert.deepEqual([documents, folders, saved], [300, 1, 1]);
  assert.deepEqual(
    (await files.listFolders()).map(({ id }) => id),
    ['f'],
  );
  assert.equal((await index.search(search)).matches, 300);
  assert.ok(existsSync(`${file}.damaged-1`));
});

test('a file of a newer Kith is left alone', async (t) => {
  const directory = tempDirectory(t);
  await (await openSqliteDocuments({ directory })).close();
  const database = new DatabaseSync(join(directory, 'documents.sqlite'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  await assert.rejects(openSqliteDocuments({ directory }), { code: 'store_newer', message: /update Kith/ });
});

test('a folder that cannot be written is said', async (t) => {
  const directory = tempDirectory(t);
  writeFileSync(join(directory, 'file'), '');
  await assert.rejects(openSqliteDocuments({ directory: join(directory, 'file') }));
});

test(
  'a full disk: writes say disk_full, reading goes on, and writing too when there is room',
  {
    skip: skipUnless(isRoot() && process.platform === 'linux', 'needs root to mount a small file system'),
  },
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'kith-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', directory]);
    const { index, close } = await openSqliteDocuments({ directory });
    t.after(async () => {
      await close();
      execFileSync('umount', [directory]);
      rmdirSync(directory);
    });
    const kept = some(20);
    await index.put(kept);
    const odd = Array.from({ length: 200 }, (_, i) =>
      sampleDocument({ title: `big ${i}`, text: Array.from({ length: 3000 }, (_x, k) => `w${i}x${k}`).join(' ') }),
    );
    await assert.rejects(index.put(odd), { code: 'disk_full', message: /[Mm]ake room/ });
    assert.equal((await index.search(search)).matches, 20);
    execFileSync('mount', ['-o', 'remount,size=60m', directory]);
    await index.put(odd.slice(0, 50));
    assert.ok((await index.statistics()).documents >= 70);
    assert.ok(statSync(join(directory, 'documents.sqlite')).size > 0);
  },
);
