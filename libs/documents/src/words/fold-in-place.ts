import { fold, isAscii } from './fold.ts';

/** Folded text that remembers where it came from. */
export interface PlacedFold {
  readonly folded: string;
  /** Offset in the original of the range `[start, end)` of the folded text. */
  originalRange(start: number, end: number): [start: number, end: number];
}

/** A character with what joins it when text is normalised: marks, joiners, half-width dakuten, Hangul vowels and finals. */
const cluster =
  /(?:[\0-\x7f](?![\p{M}\xad\u200c-\u200d\uff9e\uff9f]))+|[^\p{M}\uff9e\uff9f\u1160-\u11ff](?:\p{M}|[\xad\u200c-\u200d\uff9e\uff9f\u1160-\u11ff])*|./gsu;
const kept = new Map<string, string>();
const KEPT_MAX = 5000;

/** `fold`, cluster by cluster, so that a place in the folded text can be found again in the original. */
export function foldInPlace(text: string): PlacedFold {
  if (isAscii(text)) return { folded: text.toLowerCase(), originalRange: (start, end) => [start, end] };
  let folded = '';
  const starts: number[] = [];
  for (const { 0: piece, index } of text.matchAll(cluster)) {
    const ascii = isAscii(piece);
    const now = ascii ? piece.toLowerCase() : foldCluster(piece);
    for (let i = 0; i < now.length; i++) starts.push(ascii ? index + i : index);
    folded += now;
  }
  starts.push(text.length);
  return {
    folded,
    originalRange: (start, end) => {
      const from = starts[start] ?? text.length;
      const last = starts[end - 1] ?? text.length;
      let after = end;
      while (after < starts.length - 1 && (starts[after] ?? 0) <= last) after++;
      return [from, starts[after] ?? text.length];
    },
  };
}

function foldCluster(piece: string): string {
  const known = kept.get(piece);
  if (known !== undefined) return known;
  const folded = fold(piece);
  if (kept.size < KEPT_MAX && piece.length <= 8) kept.set(piece, folded);
  return folded;
}
