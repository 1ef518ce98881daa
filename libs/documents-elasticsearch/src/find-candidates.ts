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
import { isTooMuch, needsWeight, type SearchAggregations, searchRequest, weighingRequests } from './search-request.ts';

type Found = estypes.SearchResponse<IndexedDocument, SearchAggregations>;

/**
 * Finds the documents of an index among which the best `candidates` are, in nearly their order, with all counts. Keeps in
 * mind how many documents there were last.
 */
export function createFindCandidates(client: Client) {
  let documents = 0;
  return async (index: string, query: Query, candidates: number): Promise<Found> => {
    const search = async (scoring: Parameters<typeof searchRequest>[2]) => {
      const request = { index, ...searchRequest(query, candidates, scoring) };
      const found = await client.search<IndexedDocument, SearchAggregations>(request);
      documents = found.aggregations?.all.doc_count ?? documents;
      return found;
    };
    const some = { weights: [], someWords: true };
    if (query.clauses.some((clause) => isTooMuch(clause, documents))) return await search(some);
    try {
      return await search({ weights: await weightsOf(client, index, query) });
    } catch (error) {
      if (!isTooManyWords(error)) throw error;
      return await search(some);
    }
  };
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
    searches: asked.flatMap((clause) => weighingRequests(clause).flatMap((one) => [{}, one])),
  });
  const found = responses.map((one) => ('hits' in one ? (one as unknown as Found) : undefined));
  const weights = new Map(asked.map((clause, i) => [clause, weightOf(clause, found[2 * i], found[2 * i + 1])]));
  return clauses.map((clause) => weights.get(clause) ?? 1);
}

/** 1 where a part failed: the search itself then says what is the matter. */
function weightOf(clause: Clause, some: Found | undefined, all: Found | undefined): number {
  const one = some?.hits.hits[0];
  if (!one?._source || !one._score || !all?.aggregations) return 1;
  const tokens = documentTokens(one._source);
  const { doc_count: documents, length } = all.aggregations.all;
  const score = createScorer({ documents, totalLength: length.value ?? 0, df: [totalOf(all.hits.total)] });
  const rank = score({ tf: [clauseFrequency(clause, tokens)], length: lengthOf(tokens) });
  return Math.max(scoreOf(rank), Number.EPSILON) / one._score;
}

export const totalOf = (total: number | { value: number } | undefined): number =>
  typeof total === 'object' ? total.value : (total ?? 0);

/** The server bounds the words that a prefix may stand for; older ones count them as clauses. */
const isTooManyWords = (error: unknown): boolean =>
  error instanceof errors.ResponseError &&
  error.statusCode === 400 &&
  /maxClauseCount|too_many_(nested_)?clauses/.test(JSON.stringify(error.body ?? ''));
