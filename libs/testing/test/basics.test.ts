import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasBinary, skipUnless, tempDirectory, waitFor } from '../src/index.ts';

test('waitFor gives the first true value, rides out what throws, and names what it waited for', async () => {
  let calls = 0;
  const value = await waitFor(
    () => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return calls > 2 && 'here';
    },
    { what: 'the third call' },
  );
  assert.equal(value, 'here');
  const inVain = waitFor(() => false, { timeoutMs: 3, what: 'a miracle' });
  await assert.rejects(inVain, /waited 30 ms in vain for a miracle/);
});

test('a temporary directory is gone, with its files, after the test', async () => {
  const endings: (() => void | Promise<void>)[] = [];
  const directory = tempDirectory({ after: (fn) => endings.push(fn) });
  writeFileSync(join(directory, 'file'), 'text');
  for (const end of endings) await end();
  assert.equal(existsSync(directory), false);
});

test('a missing thing is a skip with its reason, and a failure where CI=true', (t) => {
  const before = process.env.CI;
  t.after(() => {
    if (before === undefined) delete process.env.CI;
    else process.env.CI = before;
  });
  process.env.CI = 'false';
  assert.equal(skipUnless(true, 'needs root'), false);
  assert.equal(skipUnless(undefined, 'needs root'), 'needs root');
  process.env.CI = 'true';
  assert.equal(skipUnless(true, 'needs root'), false);
  assert.throws(() => skipUnless(false, 'needs root'), /needs root/);
});

test('hasBinary tells a program from a name that is none', () => {
  assert.equal(hasBinary('sh'), true);
  assert.equal(hasBinary('kith-no-such-program'), false);
});
