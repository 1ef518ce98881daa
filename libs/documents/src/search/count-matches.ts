import type { Clause, Query } from '../query/query.ts';
import { type DocumentTokens, documentTokens, type Indexable, lengthOf, TITLE_WEIGHT } from '../words/stream.ts';

/** How often each clause occurs in a document's stream, and the document's length: what scores are made of. */
export interface Counts {
  /** In the order of the query's clauses. */
  readonly tf: number[];
  readonly length: number;
}

export function countMatches({ clauses }: Pick<Query, 'clauses'>, document: Indexable): Counts {
  const tokens = documentTokens(document);
  return { tf: clauses.map((clause) => clauseFrequency(clause, tokens)), length: lengthOf(tokens) };
}

/** Occurrences of one clause. The title counts TITLE_WEIGHT times; the tail only for a lone CJK character. */
export function clauseFrequency(clause: Clause, { title, body, tail }: DocumentTokens): number {
  const inParts = TITLE_WEIGHT * occurrences(clause, title) + occurrences(clause, body);
  return clause.cjkCharacter ? inParts + occurrences(clause, tail) : inParts;
}

function occurrences({ kind, tokens: wanted, cjkCharacter }: Clause, tokens: readonly string[]): number {
  const [first = ''] = wanted;
  const size = tokens.length - wanted.length + 1;
  const starts = kind === 'prefix' || cjkCharacter === true;
  let found = 0;
  for (let at = 0; at < size; at++) {
    const token = tokens[at];
    if (starts) found += token?.startsWith(first) ? 1 : 0;
    else if (token === first && follows(wanted, tokens, at)) found++;
  }
  return found;
}

function follows(wanted: readonly string[], tokens: readonly string[], at: number): boolean {
  for (let i = 1; i < wanted.length; i++) if (tokens[at + i] !== wanted[i]) return false;
  return true;
}

/** Whether a document is a hit: a clause matches, while typing every clause but the last, and nothing excluded does. */
export function isHit(query: Query, tf: readonly number[], excluded: boolean): boolean {
  if (excluded || !tf.some((count) => count > 0)) return false;
  if (!query.requireOthers) return true;
  return query.clauses.every(({ kind }, i) => kind === 'prefix' || (tf[i] ?? 0) > 0);
}
