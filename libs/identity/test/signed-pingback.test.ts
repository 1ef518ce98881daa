import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { type PingbackReply, pingbackReplySchema } from '@kith/wire';
import { type Identity, idOfPublicKey, openIdentity, signPingback, verifyPingback } from '../src/index.ts';

const nonce = 'A'.repeat(22);
const address = '192.168.1.5';
const asked = { nonce, address };
const reply = (identity: Identity, changes: Partial<PingbackReply> = {}) =>
  signPingback(identity, {
    kith: 1,
    id: identity.id,
    publicKey: identity.publicKey,
    name: 'ana',
    gatewayPort: 5805,
    instance: '0123456789abcdef',
    incarnation: 3,
    state: 'running',
    documents: { count: 2, version: 9 },
    nonce,
    address,
    ...changes,
  });

test('a signed reply passes the schema and the check', async (t) => {
  const signed = reply(await openIdentity(tempDirectory(t)));
  assert.ok(pingbackReplySchema.safeParse(JSON.parse(JSON.stringify(signed))).success);
  assert.equal(verifyPingback(signed, asked), 'ok');
});

test('an old answer, and an answer of another address, do not pass', async (t) => {
  const signed = reply(await openIdentity(tempDirectory(t)));
  assert.equal(verifyPingback(signed, { nonce: 'B'.repeat(22), address }), 'wrong-nonce');
  assert.equal(verifyPingback(signed, { nonce, address: '192.168.1.6' }), 'wrong-address');
});

test('no field can be changed after signing', async (t) => {
  const signed = reply(await openIdentity(tempDirectory(t)));
  const changes: Partial<PingbackReply>[] = [
    { name: 'bob' },
    { gatewayPort: 80 },
    { instance: 'fedcba9876543210' },
    { incarnation: 4 },
    { state: 'leaving' },
    { documents: { count: 3, version: 9 } },
    { documents: { count: 2, version: 8 } },
    { nonce: 'B'.repeat(22) },
    { address: '192.168.1.6' },
    { signature: signed.signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) },
  ];
  for (const change of changes) {
    const changed = { ...signed, ...change };
    const told = verifyPingback(changed, { nonce: changed.nonce, address: changed.address });
    assert.equal(told, 'wrong-signature', JSON.stringify(change));
  }
});

test('the id must be the hash of the key, and the key must be ed25519', async (t) => {
  const one = await openIdentity(tempDirectory(t));
  const other = await openIdentity(tempDirectory(t));
  assert.equal(verifyPingback(reply(one, { id: other.id }), asked), 'wrong-id');
  assert.equal(verifyPingback(reply(one, { publicKey: other.publicKey }), asked), 'wrong-id');
  assert.equal(verifyPingback(reply(one, { id: other.id, publicKey: other.publicKey }), asked), 'wrong-signature');
  const x25519 = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' });
  const strange = { id: idOfPublicKey(x25519), publicKey: x25519.toString('base64url') };
  assert.equal(verifyPingback(reply(one, strange), asked), 'wrong-signature');
});

test('one address in several spellings is one address', async (t) => {
  const identity = await openIdentity(tempDirectory(t));
  const told = (replied: string, called: string) =>
    verifyPingback(reply(identity, { address: replied }), { nonce, address: called });
  assert.equal(told('fe80::1', 'fe80:0:0:0::1%eth0'), 'ok');
  assert.equal(told('FE80::1', 'fe80::1'), 'ok');
  assert.equal(told('::ffff:10.0.0.1', '10.0.0.1'), 'ok');
  assert.equal(told('fe80::1', 'fe80::2'), 'wrong-address');
});
