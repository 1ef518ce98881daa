/** A part of a query. `tokens` are the analyser's: one for a word or prefix, one or more in a row for a phrase. */
export interface Clause {
  readonly kind: 'word' | 'prefix' | 'phrase';
  readonly tokens: readonly string[];
  /** One CJK character alone: matched against the stream's tail too (search.md section 3). */
  readonly cjkCharacter?: boolean;
}

/** A parsed query. Every node parses the same text to the same clauses in the same order. */
export interface Query {
  /** Scored clauses, duplicates removed, at most QUERY_MAX_CLAUSES. */
  readonly clauses: readonly Clause[];
  /** A document that matches one of these is no hit (`-word`, `-"a phrase"`). */
  readonly excluded: readonly Clause[];
  /** While typing (the last word is a prefix) every clause but it must match. */
  readonly requireOthers: boolean;
}
