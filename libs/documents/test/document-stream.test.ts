import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentStream, documentTokens, lengthOf, streamOfTokens, streamSize } from '../src/index.ts';

const WORDS = [
  'Wasser',
  'œuvre',
  'ΟΔΟΣ',
  'жёлтый',
  'e\u0301te\u0301',
  'नमस्ते',
  '日本語',
  'が',
  'か\u3099',
  '東京都',
  'a.b',
  'ﬁ',
  '𠮷野',
  'x'.repeat(90),
];
const BETWEEN = [' ', '\n', '\t', '。', '、', '，', '\u3000', '-', '', ' \u0301', '\n\u200d', '  '];

/** Long enough for many pieces, with every kind of place that a piece might be ended at. */
function longText(seed: number, words: number): string {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % below;
  };
  let text = '';
  for (let i = 0; i < words; i++) text += (WORDS[next(WORDS.length)] ?? '') + (BETWEEN[next(BETWEEN.length)] ?? '');
  return text;
}

test('a text that is taken apart in pieces gives the same stream, length and size as in one', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const document = { title: 'Über 東京', text: longText(seed, 20_000) };
    const tokens = documentTokens(document);
    const { stream, length, size } = documentStream(document);
    assert.ok(document.text.length > 60_000);
    assert.ok(stream === streamOfTokens(tokens), `stream of seed ${seed}`);
    assert.deepEqual([length, size], [lengthOf(tokens), streamSize(tokens)]);
  }
});

test('a text without any place to end a piece is one piece', () => {
  const document = { title: '', text: '語'.repeat(100_000) };
  assert.equal(documentStream(document).stream, streamOfTokens(documentTokens(document)));
  assert.equal(
    documentStream({ title: 'only', text: '' }).stream,
    streamOfTokens(documentTokens({ title: 'only', text: '' })),
  );
});
