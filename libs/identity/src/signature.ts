import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** ed25519 signature of a text (as UTF-8), in base64url: 86 characters. */
export function signText(privateKey: KeyObject, text: string): string {
  return sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64url');
}

/** Whether `signature` (base64url) is the ed25519 key's over `text`. Never throws: a broken key or signature is false. */
export function verifySignature(publicKey: string, text: string, signature: string): boolean {
  try {
    return verify(null, Buffer.from(text, 'utf8'), keyOf(publicKey), Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

/** Known peers are verified every few seconds, and making the key costs as much as half a verification. */
const keys = new Map<string, KeyObject>();
const KEYS_MAX = 256;

/** Throws for what is no ed25519 key. */
function keyOf(publicKey: string): KeyObject {
  const known = keys.get(publicKey);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), type: 'spki', format: 'der' });
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('no ed25519 key');
  if (keys.size >= KEYS_MAX) keys.clear();
  keys.set(publicKey, key);
  return key;
}
