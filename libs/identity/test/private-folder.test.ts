import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRoot, skipUnless, tempDirectory } from '@kith/testing';
import { openIdentity } from '../src/index.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

test(
  'a data folder that others may enter is tightened, and made so where it is missing',
  { skip: process.platform === 'win32' },
  async (t) => {
    const before = process.umask(0);
    t.after(() => process.umask(before));
    const made = join(tempDirectory(t), 'deep', 'data');
    await openIdentity(made);
    assert.equal(modeOf(made), 0o700);
    const open = join(tempDirectory(t), 'data');
    mkdirSync(open);
    chmodSync(open, 0o775);
    const { id } = await openIdentity(open);
    assert.equal(modeOf(open), 0o700);
    assert.equal((await openIdentity(open)).id, id);
  },
);

const skip = skipUnless(isRoot() && process.platform === 'linux', 'needs root on Linux, to be another user');

test('another user’s data folder that others may enter is refused, with the remedy', { skip }, async (t) => {
  const data = join(tempDirectory(t), 'data');
  mkdirSync(data);
  chmodSync(data, 0o777);
  chownSync(data, 12345, 12345);
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  chmodSync(join(data, '..'), 0o755);
  process.setegid?.(65534);
  process.seteuid?.(65534);
  try {
    await assert.rejects(openIdentity(data), {
      code: 'identity_unusable',
      message: /it belongs to another user: run `chown/,
    });
  } finally {
    process.seteuid?.(uid);
    process.setegid?.(gid);
  }
});
