import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyse } from '../src/words/analyse.ts';

/** The analyser in its plainest form: slower, and what the fast one is measured against. */
function oracle(text: string): string[] {
  const cjk = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\u30fc\\u3099\\u309a';
  const table: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ı: 'i', ς: 'σ' };
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0652\u0670]/gu, '')
    .replace(/\u00ad|\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu, '')
    .normalize('NFC')
    .replace(/[ßæœøłđıς]/gu, (one) => table[one] ?? one);
  const parts = folded.match(new RegExp(`[${cjk}]+|(?:(?![${cjk}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')) ?? [];
  return parts.flatMap((part) => {
    if (!new RegExp(`^[${cjk}]`, 'u').test(part)) {
      const short = part.slice(0, 64);
      return [/[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short];
    }
    const characters = [...part];
    if (characters.length === 1) return [part];
    return characters.slice(1).map((character, i) => `${characters[i]}${character}`);
  });
}

const examples: [string, string, string[]][] = [
  ['words, case and punctuation', 'The quick, BROWN fox_2 (v1.0)', ['the', 'quick', 'brown', 'fox', '2', 'v1', '0']],
  [
    'diacritics',
    'Crème brûlée, Øresund, Łódź, straße, ÆSIR',
    ['creme', 'brulee', 'oresund', 'lodz', 'strasse', 'aesir'],
  ],
  ['diacritics written apart', 'Cre\u0300me', ['creme']],
  ['Turkish dotted capital', 'İstanbul ISPARTA ısparta', ['istanbul', 'isparta', 'isparta']],
  ['Greek final sigma', 'ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
  ['Cyrillic', 'Ёлка и йод', ['елка', 'и', 'иод']],
  ['Hebrew points', 'שָׁלוֹם', ['שלום']],
  ['Arabic harakat and tatweel', 'مُحَمَّد كـــتاب', ['محمد', 'كتاب']],
  ['Hindi keeps its vowel signs', 'हिन्दी', ['हिन्दी']],
  ['Thai keeps its vowels', 'น้ำ', ['น้ํา']],
  ['ligatures, full width, superscripts', 'ﬁle ＡＢＣ x²', ['file', 'abc', 'x2']],
  ['soft hyphen', 'co\u00adoperate', ['cooperate']],
  ['Han in pairs', '東京都 東', ['東京', '京都', '東']],
  ['dakuten are letters', 'がか', ['がか']],
  ['half-width kana', 'ｶﾞｷﾞ', ['ガギ']],
  ['kana with the long mark, beside Latin', 'コーヒーcafe', ['コー', 'ーヒ', 'ヒー', 'cafe']],
  ['Hangul, composed or not', '한국 \u1112\u1161\u11ab', ['한국', '한']],
  ['Han beyond the first plane', '𠀀𠀁𠀂', ['𠀀𠀁', '𠀁𠀂']],
  ['variation selectors do not break a run', '葛\u{e0100}城', ['葛城']],
  ['emoji, lone surrogates and controls are no tokens', '❤️ \ud800 \u0000 👍🏽', []],
  ['nothing', '', []],
];
for (const [what, text, tokens] of examples) {
  test(`analyse: ${what}`, () => {
    assert.deepEqual(analyse(text), tokens);
    assert.deepEqual(oracle(text), tokens);
  });
}

test('tokens are cut at 64 units and never inside a character', () => {
  assert.deepEqual(analyse('x'.repeat(100)), ['x'.repeat(64)]);
  assert.deepEqual(analyse(`a${'𝼀'.repeat(40)}`), [`a${'𝼀'.repeat(31)}`]);
});

const ranges: [number, number][] = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x5ff],
  [0x600, 0x6ff],
  [0x900, 0xeff],
  [0x1100, 0x11ff],
  [0x1e00, 0x1fff],
  [0x2000, 0x206f],
  [0x3000, 0x30ff],
  [0x4e00, 0x4eff],
  [0xac00, 0xacff],
  [0xd800, 0xdfff],
  [0xfb00, 0xfeff],
  [0xff00, 0xffef],
  [0x1d400, 0x1d4ff],
  [0x1f300, 0x1f3ff],
  [0x20000, 0x200ff],
  [0xe0100, 0xe01ef],
  [0, 0x10ffff],
];
const character = fc
  .oneof(...ranges.map(([min, max]) => fc.integer({ min, max })))
  .map((code) => String.fromCodePoint(code));
const anyText = fc
  .array(fc.oneof(character, fc.constantFrom(' ', 'a', '東', 'か')), { maxLength: 120 })
  .map((all) => all.join(''));

test('the fast analyser and the plain one give the same tokens for any text', () => {
  fc.assert(
    fc.property(anyText, (text) => assert.deepEqual(analyse(text), oracle(text))),
    { numRuns: 3000 },
  );
});

test('no token holds white space, a lone surrogate or the paragraph sign, whatever the text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const token of analyse(text)) {
        assert.match(token, /^[^\s¶"*]+$/u);
        assert.ok(token.isWellFormed());
      }
    }),
  );
});
