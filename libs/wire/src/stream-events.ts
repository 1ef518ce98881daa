import { z } from 'zod';
import { errorBodySchema } from './error-body.ts';
import { shareSchema } from './owner/documents.ts';
import { searchPageSchema } from './owner/search.ts';

/** Names of the server-sent events of a node: both ends of a stream take them from here. */

/** `GET /api/search`: `results` again and again as peers answer, then `done` or `failed`. */
export const SEARCH_EVENT = { results: 'results', done: 'done', failed: 'failed' } as const;
export const searchEventSchemas = {
  [SEARCH_EVENT.results]: searchPageSchema,
  [SEARCH_EVENT.done]: searchPageSchema,
  [SEARCH_EVENT.failed]: errorBodySchema,
} as const;
export type SearchEvents = DataOf<typeof searchEventSchemas>;

/** `GET /api/events`: once at the beginning, and after each change. */
export const DOCUMENT_EVENT = { documents: 'documents', shares: 'shares' } as const;
export const documentEventSchemas = {
  [DOCUMENT_EVENT.documents]: z.object({ count: z.number(), version: z.number() }),
  [DOCUMENT_EVENT.shares]: z.object({ shares: z.array(shareSchema) }),
} as const;
export type DocumentEvents = DataOf<typeof documentEventSchemas>;

/** `GET /_kith/events`: without a name, which browsers call so. The data is an `EventView`. */
export const UNNAMED_EVENT = 'message';

type DataOf<T extends Readonly<Record<string, z.ZodType>>> = { readonly [K in keyof T]: z.infer<T[K]> };
