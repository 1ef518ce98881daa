import { z } from 'zod';
import { documentHashSchema, documentSummarySchema } from '../document.ts';
import { CANDIDATES_PER_RESULT, QUERY_MAX_CLAUSES, QUERY_MAX_LENGTH, RESULT_LIMIT_MAX } from './search-limits.ts';

/** What the asker posts to a peer's `/api/peer/search`. The peer parses `query` itself, with the same analyser. */
export const peerSearchRequestSchema = z.object({
  analyser: z.number().int(),
  query: z.string().max(QUERY_MAX_LENGTH),
  /** Whether the last word counts as a prefix (search while typing). */
  prefix: z.boolean().default(false),
  limit: z.number().int().min(1).max(RESULT_LIMIT_MAX),
});
export type PeerSearchRequest = z.infer<typeof peerSearchRequestSchema>;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A piece of the original text with the ranges to be marked, as offsets in UTF-16 units; never HTML. */
export const snippetSchema = z.object({
  text: z.string().max(1000),
  marks: z.array(z.tuple([count, count])).max(64),
});
export type Snippet = z.infer<typeof snippetSchema>;

export const candidateSchema = documentSummarySchema.extend({
  /** Occurrences of each clause in the document's stream, in the order of the query's clauses. */
  tf: z.array(count).max(QUERY_MAX_CLAUSES),
  /** Length in tokens: 3 × title + 1 + body (search.md section 3). */
  length: count,
  snippet: snippetSchema.optional(),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** A peer's whole answer to a search: its statistics and its best candidates. */
export const peerSearchAnswerSchema = z.object({
  analyser: z.number().int(),
  documents: count,
  totalLength: count,
  /** Documents that hold each clause, in the order of the query's clauses. */
  df: z.array(count).max(QUERY_MAX_CLAUSES),
  /** Documents that match at all (every required clause, no excluded one). */
  matches: count,
  candidates: z.array(candidateSchema).max(RESULT_LIMIT_MAX * CANDIDATES_PER_RESULT),
});
export type PeerSearchAnswer = z.infer<typeof peerSearchAnswerSchema>;

export const documentHashesSchema = z.array(documentHashSchema).max(RESULT_LIMIT_MAX);
