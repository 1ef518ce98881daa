import { findSpans, parseQuery } from '@kith/documents';

/** Longest text in which marks are looked for at once, in UTF-16 units. */
const PIECE = 50_000;

/**
 * Where the words of a query stand in a text, by the same rules as the search itself; overlapping ranges are joined.
 * With `prefix` the last word stands for all words that begin with it.
 */
export function queryMarks(query: string, text: string, prefix: boolean): [number, number][] {
  const parsed = parseQuery(query.slice(0, 512), { prefix });
  if (parsed.clauses.length === 0) return [];
  const marks: [number, number][] = [];
  for (let from = 0; from < text.length; from += PIECE) {
    for (const { start, end } of findSpans(parsed, text.slice(from, from + PIECE))) {
      const last = marks.at(-1);
      if (last && from + start <= last[1]) last[1] = Math.max(last[1], from + end);
      else marks.push([from + start, from + end]);
    }
  }
  return marks;
}
