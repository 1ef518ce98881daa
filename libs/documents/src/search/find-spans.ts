import type { Clause, Query } from '../query/query.ts';
import { tokensOf } from '../words/analyse.ts';
import { foldInPlace } from '../words/fold-in-place.ts';

/** A place in the original text where a clause occurs. */
export interface Span {
  readonly clause: number;
  readonly start: number;
  readonly end: number;
}

/** Most spans that one piece of text gives: a text of one word repeated would cost more than it shows. */
const SPANS_MAX = 500;

/** Where the clauses of a query occur in a piece of text, in order of place. */
export function findSpans({ clauses }: Query, text: string): Span[] {
  const { folded, originalRange } = foldInPlace(text);
  const places = { start: [] as number[], end: [] as number[], runs: [] as [number, number][] };
  const tokens = tokensOf(folded, places);
  const spans: Span[] = [];
  clauses.forEach((clause, i) => {
    const found = clause.cjkCharacter ? charactersOf(clause, folded) : matchesOf(clause, tokens, places);
    for (const [start, end] of found) {
      const [from, to] = originalRange(start, end);
      spans.push({ clause: i, start: from, end: to });
    }
  });
  return spans.sort((a, b) => a.start - b.start || b.end - a.end);
}

function charactersOf({ tokens: [character = ''] }: Clause, folded: string): [number, number][] {
  const found: [number, number][] = [];
  for (let at = folded.indexOf(character); at >= 0 && found.length < SPANS_MAX; ) {
    found.push([at, at + character.length]);
    at = folded.indexOf(character, at + character.length);
  }
  return found;
}

function matchesOf(
  { kind, tokens: wanted }: Clause,
  tokens: readonly string[],
  { start, end }: { start: readonly number[]; end: readonly number[] },
): [number, number][] {
  const [first = ''] = wanted;
  const found: [number, number][] = [];
  for (let at = 0; at <= tokens.length - wanted.length && found.length < SPANS_MAX; at++) {
    const hit =
      kind === 'prefix' ? tokens[at]?.startsWith(first) : wanted.every((token, i) => tokens[at + i] === token);
    if (hit) found.push([start[at] ?? 0, end[at + wanted.length - 1] ?? 0]);
  }
  return found;
}
