import type { Snippet } from '@kith/wire';
import type { Query } from '../query/query.ts';
import { findSpans, type Span } from './find-spans.ts';

/** About what two lines of a page hold, in UTF-16 units. */
const SNIPPET_LENGTH = 200;
/** Text shown before the first mark. */
const LEAD = 50;
/** Text is looked through in pieces, until one shows every clause, and never further than the budget. */
const PIECE = 2048;
const BUDGET = 131_072;
const MARKS_MAX = 64;

/**
 * The piece of a text that shows most clauses of the query, the earliest of several, with marks as ranges of UTF-16
 * units in the snippet's text. White space and control characters become one space; no character is cut in two.
 * A text that holds no clause (its title does) gives its beginning. At most BUDGET units are looked at.
 */
export function makeSnippet(query: Query, text: string): Snippet | undefined {
  if (text === '') return undefined;
  const best = bestPlace(query, text);
  const [start, end] = aroundPlace(text, best[0]?.start ?? 0);
  const spans = best.filter((span) => span.start >= start && span.end <= end);
  return tidy(text, start, end, spans);
}

/** The spans beside each other that show the most clauses. */
function bestPlace(query: Query, text: string): Span[] {
  let best: Span[] = [];
  let shown = 0;
  for (let from = 0; from < Math.min(text.length, BUDGET) && shown < query.clauses.length; ) {
    const to = pieceEnd(text, from);
    const spans = findSpans(query, text.slice(from, to));
    for (let i = 0; i < spans.length && shown < query.clauses.length; i++) {
      const near = nearOf(spans, i);
      const distinct = new Set(near.map(({ clause }) => clause)).size;
      if (distinct <= shown) continue;
      shown = distinct;
      best = near.map(({ clause, start, end }) => ({ clause, start: from + start, end: from + end }));
    }
    from = to;
  }
  return best;
}

function nearOf(spans: readonly Span[], first: number): Span[] {
  const limit = (spans[first]?.start ?? 0) + SNIPPET_LENGTH - LEAD;
  let after = first + 1;
  while (after < spans.length && after < first + MARKS_MAX && (spans[after]?.end ?? 0) <= limit) after++;
  return spans.slice(first, after);
}

/** End of the piece of text that begins at `from`: behind white space where there is some in its last quarter. */
function pieceEnd(text: string, from: number): number {
  const to = from + PIECE;
  if (to >= text.length) return text.length;
  for (let at = to; at > to - PIECE / 4; at--) if (isSpace(text.charCodeAt(at))) return at;
  return wholeCharacter(text, to);
}

/** Range of the snippet around the first mark, cut between words where there is a gap near. */
function aroundPlace(text: string, mark: number): [start: number, end: number] {
  let start = Math.max(0, mark - LEAD);
  if (start > 0) {
    let gap = start;
    while (gap < mark && !isSpace(text.charCodeAt(gap - 1))) gap++;
    if (gap < mark) start = gap;
  }
  let end = Math.min(text.length, start + SNIPPET_LENGTH);
  if (end < text.length) {
    let gap = end;
    while (gap > end - LEAD && !isSpace(text.charCodeAt(gap))) gap--;
    if (gap > end - LEAD) end = gap;
  }
  return [wholeCharacter(text, start), wholeCharacter(text, end)];
}

function tidy(text: string, start: number, end: number, spans: readonly Span[]): Snippet {
  const marks: [number, number][] = [];
  let out = start > 0 ? '…' : '';
  const opening = out.length;
  let at = start;
  const copyTo = (to: number) => {
    const clean = text
      .slice(at, to)
      .toWellFormed()
      .replace(/[\s\p{Cc}]+/gu, ' ');
    out += clean.startsWith(' ') && (out.length === opening || out.endsWith(' ')) ? clean.slice(1) : clean;
    at = Math.max(at, to);
  };
  for (const span of spans) {
    if (span.end <= at) continue;
    copyTo(Math.max(at, span.start));
    const from = out.length;
    copyTo(span.end);
    const before = marks.at(-1);
    if (before && from === before[1]) before[1] = out.length;
    else if (out.length > from && marks.length < MARKS_MAX) marks.push([from, out.length]);
  }
  copyTo(end);
  return { text: end < text.length ? `${out.trimEnd()}…` : out.trimEnd(), marks };
}

const isSpace = (unit: number) => unit <= 0x20 || unit === 0xa0 || unit === 0x3000;

/** Moves a place that lies between the halves of a surrogate pair to its beginning. */
function wholeCharacter(text: string, at: number): number {
  const low = text.charCodeAt(at);
  const high = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff && high >= 0xd800 && high <= 0xdbff ? at - 1 : at;
}
