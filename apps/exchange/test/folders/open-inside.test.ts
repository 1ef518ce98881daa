import assert from 'node:assert/strict';
import fs, { closeSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { openInside } from '../../src/drives/open-inside.ts';

const OUTSIDE = 'what lies outside';

/** A shared folder whose `in` can be a folder or a link to a folder outside, in turns. */
function swappable(t: TestContext) {
  const root = fs.realpathSync(tempDirectory(t));
  const outside = fs.realpathSync(tempDirectory(t));
  mkdirSync(join(root, 'in'));
  writeFileSync(join(root, 'in/a.txt'), 'what lies inside.');
  writeFileSync(join(outside, 'a.txt'), OUTSIDE);
  symlinkSync(outside, join(root, 'link'));
  let isLink = false;
  const swap = () => {
    renameSync(join(root, 'in'), join(root, isLink ? 'link' : 'was'));
    renameSync(join(root, isLink ? 'was' : 'link'), join(root, 'in'));
    isLink = !isLink;
  };
  return { root, swap, putBack: () => isLink && swap() };
}

/** Runs `before` ahead of every call that the code under test makes to the file system. */
function intercept(t: TestContext, before: () => void): void {
  for (const name of ['openSync', 'fstatSync', 'lstatSync', 'readlinkSync'] as const) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    t.mock.method(fs, name, (...args: unknown[]) => {
      before();
      return real(...args);
    });
  }
  const realpath = fs.realpathSync.native as (...args: unknown[]) => unknown;
  t.mock.method(fs.realpathSync, 'native', (...args: unknown[]) => {
    before();
    return realpath(...args);
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
}

test('a folder that is swapped for a link before any of the system’s calls leads nowhere, in every order', (t) => {
  const { root, swap, putBack } = swappable(t);
  let calls = 0;
  let pattern = 0;
  let busy = false;
  const swapAhead = () => {
    if (busy) return;
    busy = true;
    if (pattern & (1 << calls++)) swap();
    busy = false;
  };
  intercept(t, swapAhead);
  let opened = 0;
  for (let longest = 1; pattern < 1 << longest; pattern++) {
    calls = 0;
    try {
      const { fd } = openInside(join(root, 'in/a.txt'), root);
      busy = true;
      assert.equal(readFileSync(fd, 'utf8'), 'what lies inside.', `swapped before the calls ${pattern.toString(2)}`);
      closeSync(fd);
      opened++;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'no_such_file', String(error));
    }
    longest = Math.max(longest, calls);
    busy = true;
    putBack();
    busy = false;
  }
  assert.ok(opened > 0 && pattern > 4, `${opened} of ${pattern} were opened`);
});

test('where the system does not tell what was opened, every part of the way counts, before and after', (t) => {
  const { root, swap } = swappable(t);
  const open = (path: string) => openInside(join(root, path), root, { byDescriptor: false });
  closeSync(open('in/a.txt').fd);
  swap();
  assert.throws(() => open('in/a.txt'), { code: 'no_such_file' });
  let calls = 0;
  swap();
  intercept(t, () => {
    // Before `open` itself, which comes after root, `in` and the file have been looked at.
    if (calls++ === 3) swap();
  });
  assert.throws(() => open('in/a.txt'), { code: 'no_such_file' });
});

test('only regular files are opened as files, and folders as folders', (t) => {
  const { root } = swappable(t);
  assert.throws(() => openInside(join(root, 'in'), root), { code: 'no_such_file' });
  assert.throws(() => openInside(join(root, 'in/a.txt'), root, { kind: 'folder' }), { code: 'no_such_file' });
  assert.throws(() => openInside(join(root, 'link'), root, { kind: 'folder' }), { code: 'no_such_file' });
  closeSync(openInside(root, root, { kind: 'folder' }).fd);
});
