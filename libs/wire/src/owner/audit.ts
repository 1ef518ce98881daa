import { z } from 'zod';
import { documentHashSchema } from '../document.ts';
import { nodeIdSchema } from '../node-id.ts';

/**
 * What the audit trail holds, each kind with room of its own, so that none pushes another out: `use`, what trusted peers
 * did here; `security`, what was decided and noticed of trust and shares; `refused`, who came and was not let in.
 */
export const AUDIT_KINDS = ['use', 'security', 'refused'] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** What a trusted peer can do. `more`: so often that it was only counted. */
export const AUDIT_USES = ['searched', 'listed', 'looked', 'read', 'fetched', 'more'] as const;

/** One line of the trail; `what` of the kind `security` is a type of event, of `refused` a code of an error. */
export const auditEntrySchema = z.object({
  /** When it was written down, in ms since 1970; the same things shortly before are in the same entry. */
  at: z.number().int().min(0),
  kind: z.enum(AUDIT_KINDS),
  what: z.string().max(64),
  /** How often, since the entry before. */
  count: z.number().int().min(1),
  peer: nodeIdSchema.optional(),
  address: z.string().max(64).optional(),
  /** Words that were searched, name of a document, a sentence: text of others. */
  text: z.string().max(500).optional(),
  document: documentHashSchema.optional(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** `GET /api/audit?kind=&peer=&before=&limit=`: newest first; `next` is the `before` of the next page. */
export const auditPageSchema = z.object({
  /** Whether anything is written down at all (KITH_AUDIT). */
  isOn: z.boolean(),
  entries: z.array(auditEntrySchema.extend({ name: z.string().optional() })),
  next: z.number().optional(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;
export const auditRequestSchema = z.object({
  kind: z.enum(AUDIT_KINDS).optional(),
  peer: nodeIdSchema.optional(),
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** `GET /api/audit/peers`: what each peer did here, as far as the trail reaches back. */
export const auditPeersSchema = z.object({
  isOn: z.boolean(),
  peers: z.array(
    z.object({
      peer: nodeIdSchema,
      /** How often, by what. */
      uses: z.record(z.string(), z.number()),
      refused: z.number(),
      lastAt: z.number(),
    }),
  ),
});
export type AuditPeers = z.infer<typeof auditPeersSchema>;
