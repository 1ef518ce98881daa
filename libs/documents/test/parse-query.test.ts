import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QUERY_MAX_CLAUSES, QUERY_MAX_LENGTH } from '@kith/wire';
import fc from 'fast-check';
import { parseQuery } from '../src/query/parse-query.ts';

const shown = (text: string, prefix = false) => {
  const { clauses, excluded, requireOthers } = parseQuery(text, { prefix });
  const all = [...clauses.map((one) => ['', one] as const), ...excluded.map((one) => ['-', one] as const)];
  const parts = all.map(([sign, one]) => `${sign}${one.kind}${one.cjkCharacter ? '1' : ''}:${one.tokens.join('+')}`);
  return `${parts.join(' ')}${requireOthers ? ' &' : ''}`;
};

const table: [string, string][] = [
  ['Foo bar', 'word:foo word:bar'],
  ['foo-bar.txt', 'word:foo word:bar word:txt'],
  ['foo foo FOO "foo"', 'word:foo'],
  ['"new york" times', 'phrase:new+york word:times'],
  ['“new york” „le monde“ «el país»', 'phrase:new+york phrase:le+monde phrase:el+pais'],
  ['"unclosed phrase', 'phrase:unclosed+phrase'],
  ['foo -bar -"a b"', 'word:foo -word:bar -phrase:a+b'],
  ['-foo', '-word:foo'],
  ['-foo-bar', '-phrase:foo+bar'],
  ['- -- "" "-"', ''],
  ['東京都', 'phrase:東京+京都'],
  ['東京', 'word:東京'],
  ['東', 'word1:東'],
  ['東京tower 都', 'word:東京 word:tower word1:都'],
  ['"東京 tower"', 'phrase:東京+tower'],
  ['a"b c"d', 'word:a phrase:b+c word:d'],
];
for (const [text, clauses] of table) test(`parseQuery: ${text}`, () => assert.equal(shown(text), clauses));

const typing: [string, string][] = [
  ['foo ba', 'word:foo prefix:ba &'],
  ['ba', 'prefix:ba &'],
  ['foo b', 'word:foo word:b'],
  ['foo bar ', 'word:foo word:bar'],
  ['foo "bar"', 'word:foo word:bar'],
  ['foo -ba', 'word:foo -word:ba'],
  ['foo 東京', 'word:foo word:東京'],
  ['foo-ba', 'word:foo prefix:ba &'],
  ['foo foo', 'word:foo prefix:foo &'],
];
for (const [text, clauses] of typing)
  test(`parseQuery while typing: ${text}`, () => assert.equal(shown(text, true), clauses));

test('parseQuery: limits', () => {
  const many = Array.from({ length: 40 }, (_, i) => `w${i} -x${i}`).join(' ');
  const { clauses, excluded } = parseQuery(many);
  assert.deepEqual([clauses.length, excluded.length], [QUERY_MAX_CLAUSES, QUERY_MAX_CLAUSES]);
  assert.throws(() => parseQuery('x'.repeat(QUERY_MAX_LENGTH + 1)), { code: 'bad_query' });
});

test('parseQuery: any text gives bounded clauses of tokens', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 256 }), fc.boolean(), (text, prefix) => {
      const { clauses, excluded } = parseQuery(text, { prefix });
      assert.ok(clauses.length <= QUERY_MAX_CLAUSES && excluded.length <= QUERY_MAX_CLAUSES);
      for (const { tokens } of [...clauses, ...excluded])
        assert.ok(tokens.length > 0 && tokens.every((token) => token !== '' && !/[\s"]/.test(token)));
    }),
  );
});
