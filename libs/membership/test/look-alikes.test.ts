import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeId, nodeNameSchema } from '@kith/wire';
import { samplePeer } from '../compliance/samples.ts';
import { lookOf, type Peer, peerWarnings, sameNameEvents, type Trust } from '../src/index.ts';

const peer = (start: string, name: string, trust: Trust = 'pending'): Peer => ({
  ...samplePeer(1),
  id: start.padEnd(52, 'q') as NodeId,
  name,
  trust,
});
const known = peer('aaaa2222', 'Ana’s Laptop 10', 'trusted');
const self = peer('cccc2222', 'Ship office');

/** Names with which a stranger may try to be taken for a trusted peer, for this node, or for something checked. */
const imitations: [what: string, name: string][] = [
  ['the same', 'Ana’s Laptop 10'],
  ['small letters', 'ana’s laptop 10'],
  ['wide letters', 'Ａｎａ’ｓ Ｌａｐｔｏｐ １０'],
  ['two spaces', 'Ana’s  Laptop 10'],
  ['a Cyrillic А', 'Аna’s Laptop 10'],
  ['a Greek ρ', 'Ana’s Laρtoρ 10'],
  ['another apostrophe', "Ana's Laptop 10"],
  ['an accent as apostrophe', 'Ana´s Laptop 10'],
  ['no apostrophe', 'Anas Laptop 10'],
  ['a dot at the end', 'Ana’s Laptop 10.'],
  ['o for 0', 'Ana’s Laptop 1O'],
  ['l for 1', 'Ana’s Laptop l0'],
  ['I for 1', 'Ana’s Laptop I0'],
  ['i for 1', 'Ana’s Laptop i0'],
  ['I for L, as some fonts show l', 'Ana’s Iaptop 10'],
  ['an invisible letter', 'Ana’s Lap\u034ftop 10'],
  ['a filler', 'Ana’s\u3164Laptop 10'],
  ['this node', 'This node'],
  ['trusted', 'Trusted'],
  ['trusted, in Cyrillic letters', 'Тruѕtеd'],
  ['the name with a check mark', 'Ana’s Laptop 10 ✓ trusted'],
  ['only a check mark', 'Ana’s Laptop 10 ✔'],
  ['an id in brackets', 'Ana’s Laptop 10 (aaaa2222)'],
  ['an id in brackets, capitals', 'Laptop [AAAA 2222 AAAA2222]'],
  ['accents', 'Aná’s Lâptop 10'],
  ['mathematical letters', '𝗔𝗻𝗮’𝘀 𝗟𝗮𝗽𝘁𝗼𝗽 𝟭𝟬'],
  ['Roman numerals', 'Ana’s ⅼaptop 10'],
  ['hyphens', 'Ana’s-Laptop-10'],
  ['a Cherokee letter', 'Ꭺna’s Laptop 10'],
  ['the name of this node', 'Ship offiсe'],
  ['the id of this node', 'helper cccc2222'],
];
for (const [what, name] of imitations) {
  test(`an imitation is refused or warned of: ${what}`, () => {
    if (!nodeNameSchema.safeParse(name).success) return;
    const stranger = peer('bbbb2222', name);
    assert.notDeepEqual(peerWarnings(stranger, [known, stranger], self), [], name);
  });
}

test('what cannot be seen, and words of the page, are no names at all', () => {
  for (const name of [
    'Ana\u034f',
    'Ana\u3164',
    'Ana\u115f',
    'Ana\u2800',
    'Ana\ufe0f',
    'This node',
    'Trusted',
    'BLOCKED!',
  ]) {
    assert.equal(nodeNameSchema.safeParse(name).success, false, name);
  }
});

test('honest names get no warning', () => {
  for (const name of [
    'Ben’s Laptop',
    'Ana’s Laptop 11',
    'Computer 12',
    '教室の パソコン',
    'حاسوب',
    'Trustworthy Ltd',
    '🧦',
  ]) {
    const one = peer('bbbb2222', name);
    assert.deepEqual(peerWarnings(one, [known, one, peer('dddd2222', 'Room 7')], self), [], name);
  }
});

test('letters that look like others, m and rn, w and vv', () => {
  assert.equal(lookOf('modern'), lookOf('rnodern'));
  assert.equal(lookOf('wolf'), lookOf('vvolf'));
  assert.notEqual(lookOf('日本'), lookOf('日木'));
  assert.notEqual(lookOf('PC 1-12'), lookOf('PC 11-2'));
  assert.notEqual(lookOf('🧦'), lookOf('🧤'));
});

test('an id made to begin like a trusted one is told', () => {
  const twin = peer('aaaa2222b', 'Ben');
  assert.match(peerWarnings(twin, [known, twin]).join(' '), /begins like that of “Ana’s Laptop 10”/);
});

test('the event of a look-alike names the trusted one', () => {
  const stranger = peer('bbbb2222', 'Аna’s Laptop 1O');
  const other = peer('dddd2222', 'ana’s laptop 10');
  const [event] = sameNameEvents(stranger, [other, known, stranger]);
  assert.match(event?.message ?? '', /names that look the same: .*bbbb2222.* and .*aaaa2222/);
  assert.equal(event?.data?.other, known.id);
});
