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
export const lengthOf = ({ title, body }: DocumentTokens): number => TITLE_WEIGHT * title.length + 1 + body.length;

/** Tokens that the stream really has; what an engine that counts for itself takes for the length. */
export const streamSize = (tokens: DocumentTokens): number =>
  lengthOf(tokens) + TITLE_WEIGHT + Math.max(0, 2 * tokens.tail.length - 1);

/**
 * What engines index, with a tokenizer that only splits at spaces: `title ¶ title ¶ title ¶ body ¶ tail`, with a ¶
 * between the tail's characters too. All adapters index this same text, so that all hold the same terms.
 */
export function streamOf(document: Indexable): string {
  return streamOfTokens(documentTokens(document));
}

export function streamOfTokens({ title, body, tail }: DocumentTokens): string {
  const titles = `${title.join(' ')} ${BREAK} `.repeat(TITLE_WEIGHT);
  return `${titles}${body.join(' ')} ${BREAK} ${tail.join(` ${BREAK} `)}`;
}

/** Whether a token is one CJK character alone. */
export function isCjkCharacter(token: string): boolean {
  const astral = astralAt(token, 0);
  if (astral !== 0) return token.length === 2 && classOfAstral(astral) === CJK;
  return token.length === 1 && unitClasses()[token.charCodeAt(0)] === CJK;
}
