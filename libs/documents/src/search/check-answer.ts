import type { Candidate, PeerSearchAnswer, Snippet } from '@kith/wire';
import { ANALYSER_VERSION } from '@kith/wire/search-limits';
import type { Query } from '../query/query.ts';
import { isHit } from './count-matches.ts';

/** Above these, sums over a thousand peers would no longer be exact integers. */
const DOCUMENTS_MAX = 1e10;
const LENGTH_MAX = 1e12;

/**
 * Why an answer cannot be true, or undefined. Numbers of one answer must fit each other and the query: a peer may be
 * wrong or hostile, and one bad number would reorder everybody's results. The shape is checked before, by wire's schema.
 */
export function checkAnswer(query: Query, answer: PeerSearchAnswer): string | undefined {
  const { analyser, documents, totalLength, df, matches, candidates } = answer;
  if (analyser !== ANALYSER_VERSION) return `made with version ${analyser} of the analyser`;
  if (!isCount(documents, DOCUMENTS_MAX)) return 'the number of documents is no possible count';
  if (!isCount(totalLength, LENGTH_MAX)) return 'the total length is no possible count';
  if (totalLength < documents) return 'the total length is less than one a document';
  if (df.length !== query.clauses.length) return `${df.length} counts for a query of ${query.clauses.length} clauses`;
  if (!df.every((count) => isCount(count, documents))) return 'a clause is in more documents than there are';
  if (!isCount(matches, documents)) return 'more matches than documents';
  if (matches > df.reduce((sum, count) => sum + count, 0)) return 'more matches than the clauses have together';
  if (candidates.length > matches) return 'more candidates than matches';
  const problem = candidates.map((candidate) => checkCandidate(query, candidate)).find((one) => one !== undefined);
  return problem ?? checkSums(answer);
}

function checkCandidate(query: Query, { tf, length, snippet }: Candidate): string | undefined {
  if (tf.length !== query.clauses.length) return 'a candidate has counts for another number of clauses';
  if (!isCount(length, LENGTH_MAX) || length < 1) return 'a candidate has no possible length';
  if (!tf.every((count) => isCount(count, length))) return 'a clause occurs more often than the document is long';
  if (!isHit(query, tf, false)) return 'a candidate does not match the query';
  return snippet && checkSnippet(snippet);
}

function checkSnippet({ text, marks }: Snippet): string | undefined {
  let from = 0;
  for (const [start, end] of marks) {
    if (!(start >= from && end > start && end <= text.length)) return 'a mark lies outside of its snippet';
    from = end;
  }
  return undefined;
}

function checkSums({ documents, totalLength, df, candidates }: PeerSearchAnswer): string | undefined {
  if (new Set(candidates.map(({ hash }) => hash)).size < candidates.length) return 'a document is there twice';
  const shown = candidates.reduce((sum, { length }) => sum + length, 0);
  // Every document that is not shown has a length of one at least.
  if (shown + documents - candidates.length > totalLength) return 'the candidates are longer than all documents';
  const holding = df.map((_, i) => candidates.filter(({ tf }) => (tf[i] ?? 0) > 0).length);
  if (df.some((count, i) => (holding[i] ?? 0) > count)) return 'more candidates hold a clause than documents do';
  return undefined;
}

const isCount = (value: number, max: number) => Number.isSafeInteger(value) && value >= 0 && value <= max;
