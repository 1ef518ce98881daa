import { z } from 'zod';
import { snippetSchema } from '../between-nodes/search.ts';
import { RESULT_LIMIT_MAX } from '../between-nodes/search-limits.ts';
import { documentSummarySchema } from '../document.ts';
import { nodeIdSchema } from '../node-id.ts';
import { wholeNumber } from '../number-text.ts';

/** Query string of `GET /api/search` on the owner's own exchange. */
export const ownerSearchRequestSchema = z.object({
  q: z.string().max(512),
  limit: wholeNumber({ min: 1, max: RESULT_LIMIT_MAX }).default(20),
  /** `here`: this node only; `all`: this node and every trusted peer. */
  scope: z.enum(['here', 'all']).default('all'),
  /** `1` while typing: the last word is a prefix. */
  prefix: z.literal('1').optional(),
});

/** A node that has a document; `self` is this node. */
export const holderSchema = z.object({ id: nodeIdSchema, name: z.string(), self: z.boolean() });
export type Holder = z.infer<typeof holderSchema>;

export const searchResultSchema = documentSummarySchema.extend({
  score: z.number(),
  /** Every clause of the query matched. */
  complete: z.boolean(),
  snippet: snippetSchema.optional(),
  /** In order of node id; this node first. */
  holders: z.array(holderSchema),
});
export type SearchResult = z.infer<typeof searchResultSchema>;

/** What became of one node in a search. Only `answered` contributes results. */
export const COVERAGE_STATUS = [
  'asking',
  'answered',
  'timed-out',
  'unreachable',
  'away',
  'not-trusted-there',
  'other-version',
  'index-away',
  'broken-answer',
] as const;

export const coverageSchema = z.object({
  id: nodeIdSchema,
  name: z.string(),
  self: z.boolean(),
  status: z.enum(COVERAGE_STATUS),
  /** From the start of the search until this node's answer or failure; absent where it was not asked. */
  ms: z.number().optional(),
  documents: z.number().optional(),
  matches: z.number().optional(),
  /** Milliseconds since 1970, for a node that is away. */
  lastSeenAt: z.number().optional(),
  /** One sentence for people where the status is not `answered`. */
  message: z.string().optional(),
});
export type Coverage = z.infer<typeof coverageSchema>;

/**
 * The answer to a search: JSON, or as server-sent events `results` (this same object again and again as peers answer)
 * and finally `done` (this same object, `final` true), or `failed` (an error body) where it cannot be brought to its end.
 */
export const searchPageSchema = z.object({
  query: z.string(),
  final: z.boolean(),
  results: z.array(searchResultSchema),
  /** Sum over the nodes that answered; a document on two nodes counts twice here. */
  matches: z.number(),
  /** Documents searched, summed over the nodes that answered. */
  documents: z.number(),
  coverage: z.array(coverageSchema),
  tookMs: z.number(),
});
export type SearchPage = z.infer<typeof searchPageSchema>;
