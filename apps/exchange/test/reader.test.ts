import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLog, systemClock } from '@kith/service';
import { tempDirectory } from '@kith/testing';
import { isProblem } from '../src/reading/file-reading.ts';
import { createReader } from '../src/reading/reader.ts';

const program = new URL('./breaking-reader-thread.ts', import.meta.url);

test('a file that breaks the reading thread is reported; the others that it had are read', async (t) => {
  const folder = tempDirectory(t);
  const names = ['1.txt', '2.txt', 'breaks', '3.txt', '4.html'];
  for (const name of names) writeFileSync(join(folder, name), `<p>${name}`);
  const reader = createReader({ clock: systemClock, log: silentLog, program });
  t.after(() => reader.close());
  const answers = await Promise.all(names.map((name) => reader.read({ file: join(folder, name), root: folder, name })));
  const broken = answers.flatMap((answer, i) => (isProblem(answer) ? [`${names[i]}: ${answer.message}`] : []));
  assert.deepEqual(broken, ['breaks: Its content cannot be taken apart: it takes too long or too much memory.']);
  const after = await reader.read({ file: join(folder, '1.txt'), root: folder, name: '1.txt' });
  assert.ok(!isProblem(after), 'the next thread works');
});

test('a thread that is silent for too long is ended, and what it held up is read', async (t) => {
  const folder = tempDirectory(t);
  writeFileSync(join(folder, 'a.txt'), 'a');
  const reader = createReader({ clock: systemClock, log: silentLog, silenceMs: 1_500, program });
  t.after(() => reader.close());
  const read = (name: string) => reader.read({ file: join(folder, 'a.txt'), name });
  const [stuck, held] = await Promise.all([read('never ends'), read('a.txt')]);
  assert.ok(isProblem(stuck) && stuck.problem === 'failed');
  assert.ok(!isProblem(held));
});

test('links, folders and what is not there are no files; a root is never left', async (t) => {
  const folder = tempDirectory(t);
  const reader = createReader({ clock: systemClock, log: silentLog });
  t.after(() => reader.close());
  const problemOf = async (file: string, root?: string) => {
    const answer = await reader.read({ file, name: 'x', root });
    return isProblem(answer) ? answer.problem : 'read';
  };
  writeFileSync(join(folder, 'a.txt'), 'a');
  assert.equal(await problemOf(join(folder, 'a.txt'), folder), 'read');
  assert.equal(await problemOf(join(folder, 'none'), folder), 'gone');
  assert.equal(await problemOf(folder, folder), 'gone');
  assert.equal(await problemOf('/dev/null', '/dev'), 'gone');
  assert.equal(await problemOf('/etc/hostname', folder), 'gone');
  assert.equal(await problemOf(join(folder, '../../etc/hostname'), folder), 'gone');
});

test('after close nothing is read', async () => {
  const reader = createReader({ clock: systemClock, log: silentLog });
  await reader.close();
  await assert.rejects(reader.read({ file: '/etc/hostname', name: 'x' }), { code: 'stopping' });
});
