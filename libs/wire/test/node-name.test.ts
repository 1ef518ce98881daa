import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeId, shortIdAmong, storedNameSchema, usableName } from '../src/index.ts';

const names: [asSet: string, used: string | undefined][] = [
  ['Ana’s laptop', 'Ana’s laptop'],
  ['  Ana ', 'Ana'],
  ['Ana \u{1f469}\u200d\u2695\ufe0f', 'Ana \u{1f469}\u2695'],
  ['An\u034fa', 'Ana'],
  ['Ana\u202egnp', 'Anagnp'],
  ['This node', 'node This node'],
  ['trusted', 'node trusted'],
  ['\u3164\u2800', undefined],
  ['../etc', undefined],
  ['', undefined],
];
for (const [asSet, used] of names) {
  test(`a name that was set as ${JSON.stringify(asSet)} is used as ${used}`, () => {
    assert.equal(usableName(asSet), used);
  });
}

test('what an earlier version stored is still read', () => {
  for (const name of ['trusted', 'An\u034fa', 'Ana\ufe0f']) assert.equal(storedNameSchema.parse(name), name);
});

const id = (start: string) => start.padEnd(52, 'q') as NodeId;
test('an id is shown longer where another known one begins like it', () => {
  const [one, twin, third] = [id('aaaa2222b'), id('aaaa2222c'), id('aaaa2222bqqqqqqq7')];
  assert.equal(shortIdAmong(one, [one, id('bbbb2222')]), 'aaaa2222');
  assert.equal(shortIdAmong(one, [one, twin]), 'aaaa2222bqqqqqqq');
  assert.equal(shortIdAmong(one, [third, one, twin]), 'aaaa2222bqqqqqqqqqqqqqqq');
});
