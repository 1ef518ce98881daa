import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GATHER_NAMES } from '../../src/config.ts';
import { Hints } from '../../src/folders/hints.ts';

const hintsOf = (...paths: string[]) => {
  const hints = new Hints();
  for (const path of paths) hints.add(path);
  return hints;
};
const all = async (hints: Hints) => {
  const seen: string[] = [];
  await hints.each(
    async (path) => void seen.push(path),
    () => false,
  );
  return seen;
};

test('each path is looked at once; what comes meanwhile has its turn the next time', async () => {
  const hints = hintsOf('a', '', 'b/', 'a');
  const seen: string[] = [];
  await hints.each(
    async (path) => {
      seen.push(path);
      if (path === 'a') hints.add('a');
    },
    () => false,
  );
  assert.deepEqual(seen, ['a', '', 'b/']);
  assert.deepEqual(await all(hints), ['a']);
  assert.equal(hints.size, 0);
});

test('what could not be looked at stays, and so does what was not come to', async () => {
  const hints = hintsOf('a', 'b', 'c');
  const away = async (path: string) => {
    if (path === 'b') throw new Error('away');
  };
  await assert.rejects(
    hints.each(away, () => false),
    /away/,
  );
  await hints.each(
    async () => assert.fail('it is over'),
    () => true,
  );
  assert.deepEqual(await all(hints), ['b', 'c']);
});

test('of very many the whole folder is looked through', async () => {
  const hints = hintsOf(...Array.from({ length: 3 * GATHER_NAMES }, (_, i) => `${i}`));
  assert.equal(hints.size, GATHER_NAMES + 1);
  assert.equal((await all(hints)).at(-1), '');
});
