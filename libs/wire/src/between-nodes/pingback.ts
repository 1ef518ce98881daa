import { z } from 'zod';
import { nodeIdSchema } from '../node-id.ts';
import { nodeNameSchema } from '../node-name.ts';
import { PROTOCOL_VERSION } from '../ports.ts';

/** Largest pingback reply that is read, in bytes of body; whatever is longer is not a peer. */
export const PINGBACK_MAX_BYTES = 4096;

/** What an asker sends: `GET /?nonce=…`, and `look=1` where it wants to be looked back at even if it is known. */
export const pingbackQuerySchema = z.object({
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22,86}$/, 'a nonce is 16 to 64 bytes in base64url'),
  look: z.literal('1').optional(),
});

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** The JSON that a node answers on its pingback port. `signature` covers every other field (see `pingbackSigningText`). */
export const pingbackReplySchema = z.object({
  kith: z.literal(PROTOCOL_VERSION),
  id: nodeIdSchema,
  /** ed25519 public key, SPKI in DER, base64url. */
  publicKey: z.string().regex(/^[A-Za-z0-9_-]{59}$/),
  name: nodeNameSchema,
  gatewayPort: z.number().int().min(1).max(65535),
  /** Random at each start: tells a restart, or two running copies of one identity, from a repeated answer. */
  instance: z.string().regex(/^[0-9a-f]{16}$/),
  /** Counts the starts of this identity: the higher one is the newer. */
  incarnation: count,
  state: z.enum(['running', 'leaving']),
  /** Always zeros, and not to be believed: a trusted peer learns them over its own connection (`TOLD_PATH`). */
  documents: z.object({ count, version: count }),
  /** The nonce and the address (IP literal without zone) that were asked, as the answering node saw them. */
  nonce: z.string().max(86),
  address: z.union([z.ipv4(), z.ipv6()]),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
export type PingbackReply = z.infer<typeof pingbackReplySchema>;

/**
 * The text that a pingback signature covers: one line a field, in this order, each ended by a line feed, as UTF-8.
 * No field can hold a line feed, so two different replies never give the same text.
 */
export function pingbackSigningText(reply: Omit<PingbackReply, 'signature'>): string {
  const lines = [
    'kith-pingback',
    reply.kith,
    reply.nonce,
    reply.address,
    reply.id,
    reply.publicKey,
    reply.name,
    reply.gatewayPort,
    reply.instance,
    reply.incarnation,
    reply.state,
    reply.documents.count,
    reply.documents.version,
  ];
  return lines.map((line) => `${line}\n`).join('');
}
