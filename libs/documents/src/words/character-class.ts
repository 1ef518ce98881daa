export const SEPARATOR = 0;
/** Letter, digit or mark: part of a word. */
export const WORD = 1;
/** Han, kana with the prolonged sound mark and the combining dakuten, Hangul: indexed as overlapping pairs. */
export const CJK = 2;

const word = /[\p{L}\p{N}\p{M}]/u;
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc\u3099\u309a]/u;

function computeClass(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (cjk.test(character)) return CJK;
  return word.test(character) ? WORD : SEPARATOR;
}

/** Classes of the ASCII characters. */
export const asciiClasses = Uint8Array.from({ length: 128 }, (_, code) => computeClass(code));

let plane: Uint8Array | undefined;

/** Class of each UTF-16 unit; surrogates are separators here and are to be looked up by `classOfAstral`. 64 KiB, made at first use. */
export function unitClasses(): Uint8Array {
  plane ??= Uint8Array.from({ length: 0x10000 }, (_, code) =>
    code >= 0xd800 && code <= 0xdfff ? SEPARATOR : computeClass(code),
  );
  return plane;
}

const astral = new Map<number, number>();
const ASTRAL_KEPT = 20_000;

/** Class of a code point above U+FFFF. */
export function classOfAstral(codePoint: number): number {
  const known = astral.get(codePoint);
  if (known !== undefined) return known;
  const found = computeClass(codePoint);
  if (astral.size < ASTRAL_KEPT) astral.set(codePoint, found);
  return found;
}

/** The code point at `index` where it takes two units, else 0. */
export function astralAt(text: string, index: number): number {
  const high = text.charCodeAt(index);
  if (high < 0xd800 || high > 0xdbff) return 0;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff ? (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000 : 0;
}
