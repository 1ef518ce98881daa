import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsStated } from '../../src/search/stated-count.ts';

const TABLE: [what: string, answered: number, stated: number | undefined, fits: boolean][] = [
  ['the same', 312, 312, true],
  ['nothing stated yet', 1e9, undefined, true],
  ['some were removed meanwhile', 0, 312, true],
  ['some were added meanwhile', 1312, 312, true],
  ['a big one that is indexing', 120_000, 100_000, true],
  ['a small one that counts like a library', 1_500, 312, false],
  ['a lie', 10_000_000_000, 3, false],
  ['a big lie of a big one', 122_000, 100_000, false],
];
for (const [what, answered, stated, fits] of TABLE) {
  test(`${what}: ${fits ? 'merged' : 'left out'}`, () => assert.equal(fitsStated(answered, stated), fits));
}
