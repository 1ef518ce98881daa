import { type Client, errors, type estypes } from '@elastic/elasticsearch';
import {
  type Clause,
  clauseFrequency,
  createScorer,
  documentTokens,
  type IndexedDocument,
  lengthOf,
  type Query,
  scoreOf,
} from '@kith/documents';
import { needsWeight, type SearchAggregations, searchRequest, weighingRequest } from './search-request.ts';

type Found = estypes.SearchResponse<IndexedDocument, SearchAggregations>;

/** The documents of `index` among which the best `candidates` are, in nearly their order, with all counts. */
export async function findCandidates(client: Client, index: string, query: Query, candidates: number): Promise<Found> {
  const search = (scoring: Parameters<typeof searchRequest>[2]) =>
    client.search<IndexedDocument, SearchAggregations>({ index, ...searchRequest(query, candidates, scoring) });
  try {
    return await search({ weights: await weightsOf(client, index, query) });
  } catch (error) {
    if (!isTooManyWords(error)) throw error;
    return await search({ weights: [], someWords: true });
  }
}

/**
 * Lucene takes a phrase, or a prefix, for as rare as all its words together; we count the documents that hold it. One
 * document's score there and here tell by how much. With one clause alone it makes no difference to the order.
 */
async function weightsOf(client: Client, index: string, { clauses }: Query): Promise<readonly number[]> {
  const asked = clauses.length > 1 ? clauses.filter(needsWeight) : [];
  if (asked.length === 0) return [];
  const { responses } = await client.msearch<IndexedDocument, SearchAggregations>({
    index,
    searches: asked.flatMap((clause) => [{}, weighingRequest(clause)]),
  });
  const weights = new Map(
    asked.map((clause, i) => {
      const found = responses[i];
      // The search itself then says what is the matter.
      return [clause, found && 'hits' in found ? weightOf(clause, found as unknown as Found) : 1];
    }),
  );
  return clauses.map((clause) => weights.get(clause) ?? 1);
}

function weightOf(clause: Clause, { hits, aggregations }: Found): number {
  const [best] = hits.hits;
  if (!best?._source || !best._score || !aggregations) return 1;
  const tokens = documentTokens(best._source);
  const { doc_count: documents, length } = aggregations.all;
  const score = createScorer({ documents, totalLength: length.value ?? 0, df: [totalOf(hits.total)] });
  const rank = score({ tf: [clauseFrequency(clause, tokens)], length: lengthOf(tokens) });
  return Math.max(scoreOf(rank), Number.EPSILON) / best._score;
}

export const totalOf = (total: number | { value: number } | undefined): number =>
  typeof total === 'object' ? total.value : (total ?? 0);

/** The server bounds the words that a prefix may stand for; older ones count them as clauses. */
const isTooManyWords = (error: unknown): boolean =>
  error instanceof errors.ResponseError &&
  error.statusCode === 400 &&
  /maxClauseCount|too_many_(nested_)?clauses/.test(JSON.stringify(error.body ?? ''));
