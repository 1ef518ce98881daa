import { createHash, type X509Certificate } from 'node:crypto';
import { type NodeId, nodeIdSchema } from '@kith/wire';

/** Node id of a public key given as SPKI in DER: SHA-256 in lower-case base32 (RFC 4648) without padding. */
export function idOfPublicKey(spkiDer: Buffer): NodeId {
  return nodeIdSchema.parse(base32(createHash('sha256').update(spkiDer).digest()));
}

/** Node id of the key in a certificate; the rest of the certificate (names, dates, issuer) does not count. */
export function idOfCertificate(certificate: X509Certificate): NodeId {
  return idOfPublicKey(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >> bits) & 31];
    }
  }
  if (bits > 0) text += ALPHABET[(value << (5 - bits)) & 31];
  return text;
}
