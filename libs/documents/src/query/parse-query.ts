import { QUERY_MAX_CLAUSES, QUERY_MAX_LENGTH } from '@kith/wire/search-limits';
import { BadQueryError } from '../errors.ts';
import { tokensOf } from '../words/analyse.ts';
import { fold } from '../words/fold.ts';
import { isCjkCharacter } from '../words/stream.ts';
import type { Clause, Query } from './query.ts';

/** Shortest last word that counts as a prefix while typing, in characters. */
const PREFIX_MIN_LENGTH = 2;
/** `"` and the quotation marks that keyboards put in its place. */
const part = /(?<minus>-?)(?:["“”„‟«»＂](?<quoted>[^"“”„‟«»＂]*)(?:["“”„‟«»＂]|$)|(?<plain>[^\s"“”„‟«»＂]+))/gu;

/**
 * Clauses of a query as a person types it: words, `"phrases"`, `-word`, `-"phrase"`; a run of CJK characters is one
 * clause. With `prefix` the last word, from two letters, matches every word that begins with it.
 * Throws BadQueryError where the text is too long; a text with nothing to search for gives a query without clauses.
 */
export function parseQuery(text: string, { prefix = false }: { prefix?: boolean } = {}): Query {
  if (text.length > QUERY_MAX_LENGTH)
    throw new BadQueryError(`A query has at most ${QUERY_MAX_LENGTH} characters: use fewer words.`);
  const clauses: Clause[] = [];
  const excluded: Clause[] = [];
  let last: 'word' | 'other' = 'other';
  for (const { groups } of text.matchAll(part)) {
    const { minus, quoted, plain } = groups ?? {};
    if (minus) excluded.push(...phraseOf(quoted ?? plain ?? ''));
    else if (quoted !== undefined) clauses.push(...phraseOf(quoted));
    else clauses.push(...wordsOf(plain ?? ''));
    last = minus || quoted !== undefined ? 'other' : 'word';
  }
  const typed = prefix && last === 'word' && !/\s$/u.test(text) ? clauses.at(-1) : undefined;
  const scored = firstOf(typed && canBePrefix(typed) ? withPrefix(clauses, typed) : clauses);
  return {
    clauses: scored,
    excluded: firstOf(excluded),
    requireOthers: scored.some(({ kind }) => kind === 'prefix'),
  };
}

/** One clause a word; a CJK run is one clause of all its pairs. */
function wordsOf(text: string): Clause[] {
  const places = { start: [], end: [], runs: [] as [number, number][] };
  const tokens = tokensOf(fold(text), places);
  const clauses: Clause[] = [];
  let at = 0;
  for (const [first, after] of [...places.runs, [tokens.length, tokens.length] as const]) {
    for (; at < first; at++) clauses.push(clauseOf(tokens.slice(at, at + 1)));
    if (after > first) clauses.push(clauseOf(tokens.slice(first, after)));
    at = after;
  }
  return clauses;
}

function phraseOf(text: string): Clause[] {
  const tokens = tokensOf(fold(text));
  return tokens.length > 0 ? [clauseOf(tokens)] : [];
}

function clauseOf(tokens: string[]): Clause {
  if (tokens.length > 1) return { kind: 'phrase', tokens };
  return isCjkCharacter(tokens[0] ?? '') ? { kind: 'word', tokens, cjkCharacter: true } : { kind: 'word', tokens };
}

function canBePrefix({ kind, tokens, cjkCharacter }: Clause): boolean {
  const [token = ''] = tokens;
  if (kind !== 'word' || cjkCharacter || [...token].length < PREFIX_MIN_LENGTH) return false;
  return ![...token].some(isCjkCharacter);
}

function withPrefix(clauses: Clause[], typed: Clause): Clause[] {
  return [...clauses.slice(0, -1), { kind: 'prefix', tokens: typed.tokens }];
}

/** Without the repeats, and no more than a query may have. */
function firstOf(clauses: Clause[]): Clause[] {
  const seen = new Map(clauses.map((clause) => [`${clause.kind} ${clause.tokens.join(' ')}`, clause]));
  return [...seen.values()].slice(0, QUERY_MAX_CLAUSES);
}
