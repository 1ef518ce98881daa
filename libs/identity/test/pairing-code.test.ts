import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { nodeIdSchema } from '@kith/wire';
import { codeProof, makePairingCode, type PairingKey, parsePairingCode } from '../src/index.ts';

const hex = (key: PairingKey) => Buffer.from(key.bytes).toString('hex');
const GOOD = 'young satisfy blush spirit goddess clay enter armor enemy system cricket illness';

test('every code that is made can be read, and no two are equal', () => {
  const codes = Array.from({ length: 200 }, makePairingCode);
  assert.equal(new Set(codes.map((code) => hex(parsePairingCode(code)))).size, 200);
});

test('people may type it with capitals, spaces, line breaks, commas and hyphens', () => {
  const key = hex(parsePairingCode(GOOD));
  assert.equal(Buffer.from(key, 'hex').length, 32);
  assert.equal(hex(parsePairingCode(`  ${GOOD.toUpperCase().replaceAll(' ', '  ')}\n`)), key);
  assert.equal(hex(parsePairingCode(GOOD.replaceAll(' ', '\n'))), key);
  assert.equal(hex(parsePairingCode(GOOD.replaceAll(' ', ', '))), key);
  assert.equal(hex(parsePairingCode(GOOD.replaceAll(' ', '-'))), key);
});

const refused: [what: string, text: string, advice: RegExp][] = [
  ['empty', '', /12 words, not 0/],
  ['a password', 'hunter2', /not 1\b.*kith code/],
  ['an invented phrase', 'the quick brown fox jumps over the lazy dog and runs away', /Word 1 .*word list.*kith code/],
  ['a word too few', GOOD.replace(' illness', ''), /not 11/],
  ['a word too many', `${GOOD} zoo`, /not 13/],
  ['bad checksum', GOOD.replace('illness', 'image'), /mistake/],
  ['two words swapped', GOOD.replace('young satisfy', 'satisfy young'), /mistake/],
  ['one word again and again', `${'abandon '.repeat(11)}about`, /too weak/],
  ['a published example', 'legal winner thank year wave sausage worth useful legal winner thank yellow', /too weak/],
  ['very long', `${GOOD} `.repeat(100_000), /12 words/],
];
for (const [what, text, advice] of refused) {
  test(`refused: ${what}`, () => {
    assert.throws(() => parsePairingCode(text), { code: 'weak_pairing_code', message: advice });
  });
}

test('a message about a code does not repeat its words', () => {
  assert.throws(
    () => parsePairingCode(GOOD.replace('clay', 'secretish')),
    (error: Error) => {
      return !error.message.includes('secretish');
    },
  );
});

test('a proof holds for one code, one direction and one connection', () => {
  const [from, to] = [nodeIdSchema.parse('a'.repeat(52)), nodeIdSchema.parse('b'.repeat(52))];
  const exporter = randomBytes(32);
  const key = parsePairingCode(GOOD);
  const proof = codeProof(key, { from, to, exporter });
  assert.match(proof, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(codeProof(parsePairingCode(GOOD), { from, to, exporter }), proof);
  assert.notEqual(codeProof(parsePairingCode(makePairingCode()), { from, to, exporter }), proof);
  assert.notEqual(codeProof(key, { from: to, to: from, exporter }), proof);
  assert.notEqual(codeProof(key, { from, to, exporter: randomBytes(32) }), proof);
});
