import type { estypes } from '@elastic/elasticsearch';
import type { Clause, Query } from '@kith/documents';

type Dsl = estypes.QueryDslQueryContainer;

/**
 * Documents with every clause come first: their score is multiplied by so much. A sum would cost digits, of which scores
 * have seven: those of words that nearly every document holds are a ten thousandth and less.
 */
const ALL_FIRST = 1e15;
/** Candidates read above those that are asked for: Lucene keeps lengths in one byte, so that near scores may swap. */
const MORE = 0.5;
const MORE_MIN = 40;

/**
 * `weights` says for each clause what brings its score to the scale of the others. Where a prefix stands for more words
 * than can be scored, `someWords` scores it by fifty of them.
 */
export interface Scoring {
  readonly weights: readonly number[];
  readonly someWords?: boolean;
}

/** Documents up to which all words of two letters are scored: that takes a quarter of a second on two slow cores. */
const TWO_LETTERS_MAX = 25_000;
/** A further letter leaves about a fifth of the words; a lone CJK character begins as few as three letters do. */
const NARROWS = 5;

/** Whether scoring by all the words of a clause would take too long in a collection of so many documents. */
export function isTooMuch(clause: Clause, documents: number): boolean {
  if (!isManyWords(clause)) return false;
  const letters = clause.cjkCharacter ? 3 : [...firstOf(clause)].length;
  return documents > TWO_LETTERS_MAX * NARROWS ** (letters - 2);
}

/** One request for everything that an answer needs: candidates, matches, N, Σ length and df. */
export function searchRequest(query: Query, candidates: number, scoring: Scoring): estypes.SearchRequest {
  const { clauses, excluded } = query;
  const should = clauses.map((clause, i) => scoringOf(clause, scoring.weights[i] ?? 1, scoring.someWords));
  return {
    size: candidates + Math.max(MORE_MIN, Math.ceil(candidates * MORE)),
    query: allFirst(clauses, { bool: { filter: hitsOf(query), should, must_not: excluded.map(filterOf) } }),
    // Of one score by their true length: so they come as the exact scores will have them.
    sort: [{ _score: { order: 'desc' } }, { len: { order: 'asc' } }, { hash: { order: 'asc' } }],
    track_total_hits: true,
    allow_partial_search_results: false,
    aggs: wholeOf({ df: { filters: { filters: clauses.map(filterOf) } } }),
  };
}

/** Some document of one clause alone, with its score; and what its exact score is made of. */
export const weighingRequests = (clause: Clause): estypes.MsearchMultisearchBody[] => [
  { size: 1, query: scoringOf(clause, 1), terminate_after: 1, track_total_hits: false },
  { size: 0, query: filterOf(clause), track_total_hits: true, aggs: wholeOf({}) },
];

/** Not bound to the query; unlike explain's counts these leave deleted documents out. */
const wholeOf = (more: Record<string, estypes.AggregationsAggregationContainer>) => ({
  all: { global: {}, aggs: { length: { sum: { field: 'len' } }, ...more } },
});

export interface SearchAggregations {
  readonly all: estypes.AggregationsGlobalAggregate & {
    readonly length: estypes.AggregationsSumAggregate;
    readonly df: { readonly buckets: readonly { readonly doc_count: number }[] };
  };
}

/** Whether the server's own measure of how rare a clause is differs from ours. */
export const needsWeight = (clause: Clause): boolean => isManyWords(clause) || clause.tokens.length > 1;
const isManyWords = ({ kind, cjkCharacter }: Clause): boolean => kind === 'prefix' || cjkCharacter === true;
const firstOf = ({ tokens }: Clause): string => tokens[0] ?? '';

function allFirst(clauses: readonly Clause[], query: Dsl): Dsl {
  if (clauses.length === 1) return query;
  const all = { bool: { filter: clauses.map(filterOf) } };
  return { function_score: { query, functions: [{ filter: all, weight: ALL_FIRST }], boost_mode: 'multiply' } };
}

function hitsOf({ clauses, requireOthers }: Query): Dsl[] {
  const required = clauses.filter(({ kind }) => kind !== 'prefix').map(filterOf);
  if (requireOthers && required.length > 0) return required;
  return [{ bool: { should: clauses.map(filterOf), minimum_should_match: 1 } }];
}

/** Exactly the documents that hold a clause. */
function filterOf(clause: Clause): Dsl {
  if (isManyWords(clause)) return { prefix: { s: { value: firstOf(clause) } } };
  if (clause.tokens.length > 1)
    return { match_phrase: { s: { query: clause.tokens.join(' '), analyzer: 'whitespace' } } };
  return { term: { s: { value: firstOf(clause) } } };
}

/**
 * A plain prefix query would give every document the same score. Spans count the occurrences of all its words as those of
 * one. What they get wrong, as phrases do, is how rare the clause is: they take the sum over the words.
 */
function scoringOf(clause: Clause, weight: number, someWords = false): Dsl {
  const boost = weight === 1 ? {} : { boost: weight };
  if (!isManyWords(clause)) return { bool: { must: filterOf(clause), ...boost } };
  const value = firstOf(clause);
  if (someWords) return { prefix: { s: { value, rewrite: 'top_terms_blended_freqs_50' } } };
  return { span_multi: { match: { prefix: { s: { value } } }, ...boost } };
}
