import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { idOfPublicKey, verifyPingback } from '@kith/identity';
import { pingbackReplySchema, pingbackSigningText } from '@kith/wire';

const text = readFileSync(join(import.meta.dirname, '../../../docs/protocol.md'), 'utf8');

function block(name: string): string {
  const found = new RegExp(`<!-- example: ${name} -->\n\`\`\`\\w*\n([^]*?)\`\`\``).exec(text)?.[1];
  assert.ok(found, `docs/protocol.md has no example “${name}”`);
  return found;
}

test('the example of docs/protocol.md is what the code signs and believes', () => {
  const reply = pingbackReplySchema.parse(JSON.parse(block('answer')));
  assert.equal(pingbackSigningText(reply), block('signed text'));
  assert.equal(verifyPingback(reply, { nonce: 'AAECAwQFBgcICQoLDA0ODw', address: '192.168.1.7' }), 'ok');
});

test('the example follows from its seed', () => {
  const seed = /seed `([0-9a-f]{64})`/.exec(text)?.[1] ?? '';
  // PKCS #8 of an ed25519 key: a fixed beginning and the seed (RFC 8410 section 7).
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const { id, publicKey, signature } = pingbackReplySchema.parse(JSON.parse(block('answer')));
  assert.deepEqual([id, publicKey], [idOfPublicKey(spki), spki.toString('base64url')]);
  assert.equal(sign(null, Buffer.from(block('signed text')), privateKey).toString('base64url'), signature);
});
