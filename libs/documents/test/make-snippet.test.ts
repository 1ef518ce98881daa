import assert from 'node:assert/strict';
import { test } from 'node:test';
import { snippetSchema } from '@kith/wire';
import fc from 'fast-check';
import { makeSnippet, parseQuery } from '../src/index.ts';

const filler = 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor ';
/** The snippet's text with its marks as brackets. */
const shown = (query: string, text: string, prefix = false) => {
  const snippet = makeSnippet(parseQuery(query, { prefix }), text);
  if (!snippet) return undefined;
  let out = '';
  let at = 0;
  for (const [start, end] of snippet.marks) {
    out += `${snippet.text.slice(at, start)}[${snippet.text.slice(start, end)}]`;
    at = end;
  }
  return out + snippet.text.slice(at);
};

const table: [string, string, string, string][] = [
  ['words', 'apple pear', 'An apple, a pear.', 'An [apple], a [pear].'],
  ['folded words', 'creme strasse', 'Crème in der Straße', '[Crème] in der [Straße]'],
  ['decomposed text', 'creme', 'la cre\u0300me', 'la [cre\u0300me]'],
  ['phrase', '"new york" york', 'New  York and York', '[New York] and [York]'],
  ['CJK run and character', '京都 東', '我住在東京都。', '我住在[東京都]。'],
  ['half-width kana', 'ガギ', 'x ｶﾞｷﾞ y', 'x [ｶﾞｷﾞ] y'],
  ['ligature', 'file', 'a ﬁle b', 'a [ﬁle] b'],
  ['full width', 'abc', 'xx ＡＢＣ yy', 'xx [ＡＢＣ] yy'],
  ['white space and controls', 'b', ' a\r\n\t\u0007 b \u0000', 'a [b]'],
  ['no clause in the text', 'title', 'Only the beginning', 'Only the beginning'],
  ['markup stays text', 'b', '<b>b</b>', '<[b]>[b]</[b]>'],
];
for (const [what, query, text, wanted] of table)
  test(`snippet: ${what}`, () => assert.equal(shown(query, text), wanted));
test('snippet: prefix', () => assert.equal(shown('appl', 'some Applesauce', true), 'some [Applesauce]'));
test('snippet: empty text has none', () => assert.equal(makeSnippet(parseQuery('a'), ''), undefined));

test('snippet: the place that shows most clauses, about 200 characters around it', () => {
  const text = `${filler.repeat(8)}apple ${filler.repeat(8)}apple and pear ${filler.repeat(8)}`;
  const found = shown('apple pear', text) ?? '';
  assert.match(found, /^….+\[apple\] and \[pear\].+…$/);
  assert.ok(found.length > 150 && found.length < 215, `${found.length}`);
});

test('snippet: of a huge text only the beginning is looked at, of a text of one word repeated too', () => {
  const query = parseQuery('apple pear');
  const far = makeSnippet(query, `${filler.repeat(100_000)} apple pear`);
  assert.deepEqual(far?.marks, []);
  assert.equal(makeSnippet(query, `${filler.repeat(100)} apple pear`)?.marks.length, 2);
  for (const text of ['apple '.repeat(1_000_000), '東'.repeat(5_000_000)]) assert.ok(makeSnippet(query, text));
  assert.ok(makeSnippet(parseQuery('東'), '東'.repeat(5_000_000)));
});

test('snippet: whatever the text, whole characters, marks in order and inside, and within the wire’s limits', () => {
  const piece = fc.constantFrom(
    'a',
    'apple ',
    'Äpfel',
    '東京',
    '𠀀',
    '👍🏽',
    '\ud800',
    ' ',
    '\n',
    'e\u0301',
    'ｶﾞ',
    'ﷺ',
    'x'.repeat(90),
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 300 }), fc.array(piece, { maxLength: 3 }), (text, words) => {
      const whole = text.join('').toWellFormed();
      const snippet = makeSnippet(parseQuery(`a 東 𠀀 ${words.join(' ')}`), whole);
      assert.ok(snippet);
      snippetSchema.parse(snippet);
      assert.ok(snippet.text.isWellFormed() && snippet.text.length <= 210);
      let at = 0;
      for (const [start, end] of snippet.marks) {
        assert.ok(start >= at && end > start && end <= snippet.text.length);
        assert.ok(snippet.text.slice(start, end).isWellFormed());
        at = end;
      }
    }),
    { numRuns: 500 },
  );
});
