import { z } from 'zod';

/** SHA-256 of the node's public key (SPKI, DER) in lower-case base32 without padding: 52 characters. */
export const nodeIdSchema = z
  .string()
  .regex(/^[a-z2-7]{52}$/, 'a node id is 52 characters of a–z and 2–7')
  .brand('NodeId');
export type NodeId = z.infer<typeof nodeIdSchema>;

/** How an id is shown to people: its first 8 characters, always beside the node's name. */
export function shortId(id: NodeId): string {
  return id.slice(0, 8);
}

/**
 * A node's name is a claim, shown as text and typed in URLs and commands by people. Up to 63 characters, no control,
 * format, line-separator or surrogate characters (so that a name cannot reorder or break what stands beside it), no `/`.
 */
export const nodeNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(63)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}/\\]+$/u, 'a name has no control characters and no slashes');
