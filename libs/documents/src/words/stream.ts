import { tokensOf } from './analyse.ts';
import { astralAt, CJK, classOfAstral, unitClasses } from './character-class.ts';
import { fold } from './fold.ts';

/** What stands between the parts of a stream. The analyser never makes it, so that no phrase crosses it. */
export const BREAK = '¶';
/** How often the title stands in the stream: its weight, as part of each term's count. */
export const TITLE_WEIGHT = 3;

/** The tokens of a document, from which stream, counts and length follow. */
export interface DocumentTokens {
  readonly title: readonly string[];
  readonly body: readonly string[];
  /** The last characters of its CJK runs of two or more, each once, in order: those that begin no pair. */
  readonly tail: readonly string[];
}

export interface Indexable {
  readonly title: string;
  readonly text: string;
}

/** What an engine indexes of a document. */
export interface DocumentStream {
  readonly stream: string;
  readonly length: number;
  readonly size: number;
}

/**
 * Stream, length and size without the tokens, which take ten times the memory of a long text: it is taken apart a piece
 * at a time. The same as from `documentTokens`.
 */
export function documentStream({ title, text }: Indexable): DocumentStream {
  const tail = new Set<string>();
  const titleTokens = partTokens(title, tail);
  const counts = { title: titleTokens.length, body: 0 };
  let body = '';
  for (const piece of piecesOf(text)) {
    const tokens = partTokens(piece, tail);
    if (tokens.length === 0) continue;
    body += `${counts.body === 0 ? '' : ' '}${tokens.join(' ')}`;
    counts.body += tokens.length;
  }
  const length = lengthOfCounts(counts.title, counts.body);
  return { stream: joined(titleTokens.join(' '), body, [...tail]), length, size: sizeOf(length, tail.size) };
}

export function documentTokens({ title, text }: Indexable): DocumentTokens {
  const tail = new Set<string>();
  return { title: partTokens(title, tail), body: partTokens(text, tail), tail: [...tail] };
}

function partTokens(text: string, tail: Set<string>): string[] {
  const folded = fold(text);
  // Only text with a unit of the CJK blocks needs its runs known; the cheap way is right for all other scripts.
  if (!/[\u1100-\u11ff\u2e80-\ud7ff\ud800-\udbff]/.test(folded)) return tokensOf(folded);
  const places = { start: [], end: [], runs: [] as [number, number][] };
  const tokens = tokensOf(folded, places);
  for (const [first, after] of places.runs) {
    const last = tokens[after - 1] ?? '';
    const width = astralAt(last, last.length - 2) === 0 ? 1 : 2;
    if (after - first > 1 || last.length > width) tail.add(last.slice(-width));
  }
  return tokens;
}

/** Length of a document in tokens, as scores use it: the tail and all breaks but one do not count. */
export const lengthOf = ({ title, body }: DocumentTokens): number => lengthOfCounts(title.length, body.length);
const lengthOfCounts = (title: number, body: number) => TITLE_WEIGHT * title + 1 + body;

/** Tokens that the stream really has; what an engine that counts for itself takes for the length. */
export const streamSize = (tokens: DocumentTokens): number => sizeOf(lengthOf(tokens), tokens.tail.length);
const sizeOf = (length: number, tail: number) => length + TITLE_WEIGHT + Math.max(0, 2 * tail - 1);

/**
 * What engines index, with a tokenizer that only splits at spaces: `title ¶ title ¶ title ¶ body ¶ tail`, with a ¶
 * between the tail's characters too. All adapters index this same text, so that all hold the same terms.
 */
export function streamOf(document: Indexable): string {
  return documentStream(document).stream;
}

export function streamOfTokens({ title, body, tail }: DocumentTokens): string {
  return joined(title.join(' '), body.join(' '), tail);
}

const joined = (title: string, body: string, tail: readonly string[]) =>
  `${`${title} ${BREAK} `.repeat(TITLE_WEIGHT)}${body} ${BREAK} ${tail.join(` ${BREAK} `)}`;

/** Length from which a piece is ended at the next place that is fit for it, in UTF-16 units. */
const PIECE_LENGTH = 16_384;
/** Between two words, whatever the script: no character after it belongs to the one before. */
const FIT = /[ \n\t\u3000-\u3002\uff0c](?=[^\p{M}\p{Cf}\u00ad])/gu;

function* piecesOf(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > PIECE_LENGTH) {
    FIT.lastIndex = from + PIECE_LENGTH;
    if (FIT.exec(text) === null) break;
    yield text.slice(from, FIT.lastIndex);
    from = FIT.lastIndex;
  }
  yield text.slice(from);
}

/** Whether a token is one CJK character alone. */
export function isCjkCharacter(token: string): boolean {
  const astral = astralAt(token, 0);
  if (astral !== 0) return token.length === 2 && classOfAstral(astral) === CJK;
  return token.length === 1 && unitClasses()[token.charCodeAt(0)] === CJK;
}
