import type { estypes } from '@elastic/elasticsearch';
import type { Clause, Query } from '@kith/documents';

type Dsl = estypes.QueryDslQueryContainer;

/** More than any sum of scores: documents with every clause come first. */
const ALL_FIRST = 1000;
/** Candidates read above those that are asked for: Lucene keeps lengths in one byte, so that near scores may swap. */
const MORE = 0.5;
const MORE_MIN = 40;

/** One request for everything that an answer needs: candidates, matches, N, Σ length and df. */
export function searchRequest(query: Query, candidates: number): estypes.SearchRequest {
  const { clauses, excluded } = query;
  const all =
    clauses.length > 1
      ? [{ constant_score: { filter: { bool: { filter: clauses.map(filterOf) } }, boost: ALL_FIRST } }]
      : [];
  return {
    size: candidates + Math.max(MORE_MIN, Math.ceil(candidates * MORE)),
    query: {
      bool: {
        filter: hitsOf(query),
        should: [...clauses.map(scoringOf), ...all],
        must_not: excluded.map(filterOf),
      },
    },
    sort: [{ _score: { order: 'desc' } }, { hash: { order: 'asc' } }],
    track_total_hits: true,
    allow_partial_search_results: false,
    aggs: {
      // Not bound to the query; unlike explain's counts these leave deleted documents out.
      all: {
        global: {},
        aggs: {
          length: { sum: { field: 'len' } },
          df: { filters: { filters: clauses.map(filterOf) } },
        },
      },
    },
  };
}

export interface SearchAggregations {
  readonly all: estypes.AggregationsGlobalAggregate & {
    readonly length: estypes.AggregationsSumAggregate;
    readonly df: { readonly buckets: readonly { readonly doc_count: number }[] };
  };
}

function hitsOf({ clauses, requireOthers }: Query): Dsl[] {
  const required = clauses.filter(({ kind }) => kind !== 'prefix').map(filterOf);
  if (requireOthers && required.length > 0) return required;
  return [{ bool: { should: clauses.map(filterOf), minimum_should_match: 1 } }];
}

/** Exactly the documents that hold a clause. */
function filterOf({ kind, tokens, cjkCharacter }: Clause): Dsl {
  const [first = ''] = tokens;
  if (kind === 'prefix' || cjkCharacter) return { prefix: { s: { value: first } } };
  if (tokens.length > 1) return { match_phrase: { s: { query: tokens.join(' '), analyzer: 'whitespace' } } };
  return { term: { s: { value: first } } };
}

/** The same with a score: a plain prefix query would give every document the same one. */
function scoringOf(clause: Clause): Dsl {
  if (clause.kind !== 'prefix' && !clause.cjkCharacter) return filterOf(clause);
  return { prefix: { s: { value: clause.tokens[0] ?? '', rewrite: 'top_terms_blended_freqs_50' } } };
}
