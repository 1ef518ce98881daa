import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { realFolder } from '../../src/folders/real-folder.ts';
import { requireFolder } from '../../src/folders/share-root.ts';
import { systemAdvice } from '../../src/reading/system-advice.ts';
import { treeOf } from '../folders/tree-of.ts';

test('a path that is too long is told to be that, not a matter of rights or of a missing folder', async (t) => {
  const long = join(tempDirectory(t), 'x'.repeat(300));
  const { drives } = await treeOf(t, tempDirectory(t));
  const find = () => drives.call('share', 'findRoot', { path: long });
  await assert.rejects(realFolder(long, find), /too long for this system: shorten it/);
  await assert.rejects(requireFolder(find, { before: undefined, hasFiles: async () => false }), /shorten it/);
});

test('a folder too deep to be read is a problem with the right advice; the others are found', async (t) => {
  const root = tempDirectory(t);
  const name = 'd'.repeat(250);
  // Deeper than the system takes a path (4,096): made step by step, as `cd` does.
  const before = process.cwd();
  t.after(() => process.chdir(before));
  process.chdir(root);
  writeFileSync('a.txt', 'a');
  for (let i = 0; i < 18; i++) {
    mkdirSync(name);
    process.chdir(name);
  }
  process.chdir(before);
  const { found } = await (await treeOf(t, root)).walked();
  assert.deepEqual(
    found.map((one) => (one.kind === 'file' ? one.path : one.message)),
    [
      'a.txt',
      'This folder has a name or a path that is too long for this system: shorten it, or move it to a folder further up.',
    ],
  );
});

test('every code that opening and reading may give has advice of its own', () => {
  const codes = Object.keys(constants.errno).filter((code) =>
    /^E(ACCES|PERM|NAMETOOLONG|NOENT|NOTDIR|LOOP|MFILE|NFILE|IO|TIMEDOUT|HOSTUNREACH|NETDOWN|NETUNREACH|NOTCONN|STALE|NODEV|NXIO|BUSY|NOMEM|OVERFLOW|INVAL|CONNRESET|BADMSG)$/.test(
      code,
    ),
  );
  assert.ok(codes.length >= 21, `${codes.length}`);
  for (const code of codes) {
    const advice = systemAdvice(code, 'It');
    assert.doesNotMatch(advice, /\(E/, code);
    assert.match(advice, /^It .+(:|\.)/, code);
  }
  assert.match(systemAdvice('ESOMETHING', 'It'), /ESOMETHING/);
});
