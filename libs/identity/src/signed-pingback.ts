import { plainAddress } from '@kith/net';
import { type PingbackReply, pingbackSigningText } from '@kith/wire';
import type { Identity } from './identity.ts';
import { idOfPublicKey } from './node-id.ts';
import { verifySignature } from './signature.ts';

export type PingbackVerdict = 'ok' | 'wrong-signature' | 'wrong-nonce' | 'wrong-address' | 'wrong-id';

/** Adds the signature to a reply; the caller has filled in everything else, `id` and `publicKey` too. */
export function signPingback(identity: Identity, fields: Omit<PingbackReply, 'signature'>): PingbackReply {
  return { ...fields, signature: identity.sign(pingbackSigningText(fields)) };
}

/**
 * Checks a reply that has passed the schema: its id is the hash of its key, its signature holds, and it answers this
 * asker's nonce at the address that was asked, so that neither an old answer nor another node's can be passed on.
 * `address` is an IP literal; a zone is ignored, and IPv4 inside IPv6 counts as IPv4.
 */
export function verifyPingback(reply: PingbackReply, asked: { nonce: string; address: string }): PingbackVerdict {
  const spki = Buffer.from(reply.publicKey, 'base64url');
  if (spki.toString('base64url') !== reply.publicKey || idOfPublicKey(spki) !== reply.id) return 'wrong-id';
  if (!verifySignature(reply.publicKey, pingbackSigningText(reply), reply.signature)) return 'wrong-signature';
  if (reply.nonce !== asked.nonce) return 'wrong-nonce';
  if (plainAddress(reply.address) !== plainAddress(asked.address)) return 'wrong-address';
  return 'ok';
}
