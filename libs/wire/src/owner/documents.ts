import { z } from 'zod';
import { documentHashSchema, documentSummarySchema } from '../document.ts';
import { indexHealthSchema } from '../index-health.ts';
import { nodeFaultSchema } from '../node-fault.ts';

/** `GET /api/documents?limit=&after=`: newest first. `after` is the `next` of the page before. Peers may ask this too. */
export const documentPageSchema = z.object({
  documents: z.array(documentSummarySchema),
  total: z.number(),
  next: z.string().optional(),
});
export type DocumentPage = z.infer<typeof documentPageSchema>;

/** `GET /api/documents/<hash>`; `files` only for the owner. */
export const documentDetailSchema = documentSummarySchema.extend({
  /** Whether its text is indexed, or only its name. */
  indexed: z.boolean(),
  /** `source`: `upload`, or the path of the shared folder; `path`: inside of it, with `/`. */
  files: z.array(z.object({ source: z.string(), path: z.string() })).optional(),
});
export type DocumentDetail = z.infer<typeof documentDetailSchema>;

/** `GET /api/documents/<hash>/text?from=&length=`: a piece of the extracted text, offsets in UTF-16 units. */
export const documentTextSchema = z.object({ text: z.string(), from: z.number(), total: z.number() });

/** Answer of `POST /api/documents` (multipart files, or JSON `{title, text}`). */
export const uploadedSchema = z.object({
  documents: z.array(documentSummarySchema),
  /** Files of the same request that could not be taken, with the reason. */
  problems: z.array(z.object({ name: z.string(), message: z.string() })),
});

export const SHARE_STATES = ['scanning', 'watching', 'unreadable', 'refused'] as const;

/** What of a shared folder is left out because it opens other things: keys, passwords, sessions. */
export const leftOutSchema = z.object({
  count: z.number().int().min(0),
  /** The first of them; `path` is relative with `/`, a folder's ends with `/`. */
  some: z.array(z.object({ path: z.string().max(4096), reason: z.string().max(200) })).max(200),
});

/** `GET /api/shares`. */
export const shareSchema = z.object({
  id: z.string(),
  /** Absolute path on this machine; `POST /api/shares {path}` adds one. */
  path: z.string(),
  files: z.number(),
  failed: z.number(),
  /**
   * `scanning` until every file was looked at once. `watching` with a `problem`: the system gives no more watches, so
   * that changes are noticed late. `unreadable`: it is not there; its documents stay listed until it is back. `refused`:
   * it may not be shared, for the reason in `problem`, and nothing of it is.
   */
  state: z.enum(SHARE_STATES),
  problem: z.string().optional(),
  leftOut: leftOutSchema.optional(),
  /** What its owner has named although it is left out otherwise. */
  also: z.array(z.string()).optional(),
  /** Whether it is shared by the setting KITH_SHARE, and only as long. */
  fromSetting: z.boolean().optional(),
});
export type Share = z.infer<typeof shareSchema>;
export const sharesSchema = z.object({ shares: z.array(shareSchema) });

/** `GET /api/status`: what the exchange holds. `role` tells a page whether the owner or a visiting peer looks at it. */
export const exchangeStatusSchema = z.object({
  role: z.enum(['owner', 'peer']),
  name: z.string(),
  /** Absent where the index does not tell; `index` then says why. */
  documents: z.number().optional(),
  /** Files waiting to be indexed. */
  queued: z.number(),
  /** Owner only: what keeps this node from doing all its work. Empty when it is well. */
  faults: z.array(nodeFaultSchema).max(8).optional(),
  /** Owner only, and no older than a few seconds. */
  index: indexHealthSchema.optional(),
  /** Newest problems first; owner only. */
  problems: z.array(z.object({ source: z.string(), path: z.string(), message: z.string() })).optional(),
});
export type ExchangeStatus = z.infer<typeof exchangeStatusSchema>;

export const newTextSchema = z.object({
  title: z.string().trim().min(1).max(200),
  text: z.string().min(1).max(5_000_000),
});
export const newShareSchema = z.object({
  path: z.string().min(1).max(4096),
  /**
   * Paths in the folder (relative, with `/`) that are shared although they are left out otherwise; `.` is all of the
   * folder. For a folder that is shared already: in place of what was named before.
   */
  also: z.array(z.string().min(1).max(4096)).max(100).optional(),
});
export const hashParamsSchema = z.object({ hash: documentHashSchema });
