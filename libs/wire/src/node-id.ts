import { z } from 'zod';

/** SHA-256 of the node's public key (SPKI, DER) in lower-case base32 without padding: 52 characters. */
export const nodeIdSchema = z
  .string()
  .regex(/^[a-z2-7]{52}$/, 'a node id is 52 characters of a–z and 2–7')
  .brand('NodeId');
export type NodeId = z.infer<typeof nodeIdSchema>;

const SHORT = 8;

/** How an id is shown to people: its first 8 characters, always beside the node's name. */
export function shortId(id: NodeId): string {
  return id.slice(0, SHORT);
}

/** The same among all ids that are known: longer, in steps of 8 characters, until no other one begins like it. */
export function shortIdAmong(id: NodeId, known: Iterable<NodeId>): string {
  let length = SHORT;
  for (const other of known) {
    while (other !== id && length < id.length && other.startsWith(id.slice(0, length))) length += SHORT;
  }
  return id.slice(0, length);
}
