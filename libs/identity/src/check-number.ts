import { createHash } from 'node:crypto';
import type { NodeId } from '@kith/wire';

/** One side of the commit-and-reveal exchange; the nonce is 32 random bytes in base64url (43 characters). */
export interface CheckSide {
  readonly id: NodeId;
  readonly nonce: string;
}

/** What a side shows before it has seen the other's nonce; SHA-256 in base64url. */
export function checkCommitment({ id, nonce }: CheckSide): string {
  return createHash('sha256').update(`kith-check-commitment\n${id}\n${nonce}\n`).digest('base64url');
}

/**
 * The six digits that both owners compare, the same on both sides. Because each side is bound to its nonce before it sees
 * the other's, somebody in the middle has one chance in a million, however much he computes.
 */
export function checkNumber(one: CheckSide, other: CheckSide): string {
  const [first, second] = one.id < other.id ? [one, other] : [other, one];
  const text = `kith-check-number\n${first.id}\n${first.nonce}\n${second.id}\n${second.nonce}\n`;
  const value = createHash('sha256').update(text).digest().readUIntBE(0, 6) % 1_000_000;
  return value.toString().padStart(6, '0');
}
