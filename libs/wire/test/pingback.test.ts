import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeNameSchema, type PingbackReply, pingbackReplySchema, pingbackSigningText } from '../src/index.ts';

const reply = {
  kith: 1,
  id: 'a'.repeat(52),
  publicKey: 'A'.repeat(59),
  name: 'Ana’s laptop',
  gatewayPort: 5805,
  instance: '0123456789abcdef',
  incarnation: 3,
  state: 'running',
  documents: { count: 12, version: 40 },
  nonce: 'n'.repeat(22),
  address: '192.168.1.7',
  signature: 's'.repeat(86),
};

test('the signing text is one line a field in the documented order', () => {
  const text = pingbackSigningText(pingbackReplySchema.parse(reply));
  assert.equal(
    text,
    `kith-pingback\n1\n${'n'.repeat(22)}\n192.168.1.7\n${'a'.repeat(52)}\n${'A'.repeat(59)}\nAna’s laptop\n5805\n0123456789abcdef\n3\nrunning\n12\n40\n`,
  );
});

test('every field of the reply but the signature changes the signing text', () => {
  const base = pingbackReplySchema.parse(reply);
  const others: Partial<Record<keyof PingbackReply, unknown>> = {
    id: 'b'.repeat(52),
    publicKey: 'B'.repeat(59),
    name: 'Ben',
    gatewayPort: 1,
    instance: 'f'.repeat(16),
    incarnation: 4,
    state: 'leaving',
    documents: { count: 13, version: 40 },
    nonce: 'm'.repeat(22),
    address: '192.168.1.8',
  };
  const texts = Object.entries(others).map(([key, value]) =>
    pingbackSigningText(pingbackReplySchema.parse({ ...base, [key]: value })),
  );
  assert.equal(new Set([pingbackSigningText(base), ...texts]).size, texts.length + 1);
});

const bad: [string, object][] = [
  ['another protocol version', { kith: 2 }],
  ['a name with a line feed', { name: 'Ana\nBen' }],
  ['a name that turns the text around', { name: 'Ana\u202egnp' }],
  ['a name with half a character', { name: 'Ana\ud800' }],
  ['a name that looks like a path', { name: '../etc' }],
  ['a name with an invisible letter', { name: 'Ana\u034f' }],
  ['a name with a filler of Hangul', { name: 'Ana\u3164' }],
  ['a name with a variation selector', { name: 'Ana\ufe0f' }],
  ['a name with an empty Braille cell', { name: 'Ana\u2800' }],
  ['a name that says what a node is', { name: 'This  node' }],
  ['such a name with marks around it', { name: '✓ Trusted.' }],
  ['an empty name', { name: '  ' }],
  ['a port out of range', { gatewayPort: 70000 }],
  ['an id that is no id', { id: 'A'.repeat(52) }],
  ['an incarnation that is no whole number', { incarnation: 1.5 }],
  ['an address with a zone', { address: 'fe80::1%eth0' }],
];
for (const [what, change] of bad) {
  test(`refused: ${what}`, () => assert.equal(pingbackReplySchema.safeParse({ ...reply, ...change }).success, false));
}

for (const name of ['Ana', 'Computer 12', '教室の パソコン', 'حاسوب', 'laptop-ñ.local', '👩⚕ Ana']) {
  test(`a name of people: ${name}`, () => assert.equal(nodeNameSchema.parse(name), name));
}
