import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate, PeerSearchAnswer } from '@kith/wire';
import { sampleDocument } from '../compliance/index.ts';
import { checkAnswer, parseQuery } from '../src/index.ts';

const query = parseQuery('apple "red pear"');
const candidate: Candidate = { ...sampleDocument({ seed: 'a' }), tf: [2, 1], length: 10 };
const other: Candidate = { ...sampleDocument({ seed: 'b' }), tf: [1, 0], length: 5 };
const good: PeerSearchAnswer = {
  analyser: 1,
  documents: 4,
  totalLength: 40,
  df: [2, 1],
  matches: 2,
  candidates: [candidate, other],
};

test('an answer that fits itself is accepted', () => {
  assert.equal(checkAnswer(query, good), undefined);
  const empty = { ...good, documents: 0, totalLength: 0, df: [0, 0], matches: 0, candidates: [] };
  assert.equal(checkAnswer(query, empty), undefined);
});

const first = (change: Partial<Candidate>) => ({ candidates: [{ ...candidate, ...change }, other] });
const hostile: [string, Partial<PeerSearchAnswer>][] = [
  ['another version of the analyser', { analyser: 2 }],
  ['fewer counts than clauses', { df: [2] }],
  ['more counts than clauses', { df: [2, 1, 0] }],
  ['df above N', { df: [5, 1] }],
  ['df that is no number', { df: [Number.NaN, 1] }],
  ['df negative', { df: [-1, 3] }],
  ['df with a fraction', { df: [1.5, 1] }],
  ['N infinite', { documents: Number.POSITIVE_INFINITY }],
  ['N too large to add up exactly', { documents: 2 ** 52, totalLength: 2 ** 52 }],
  ['total length below one a document', { totalLength: 3 }],
  ['total length that is no number', { totalLength: Number.NaN }],
  ['total length below that of the candidates', { totalLength: 16 }],
  ['more matches than documents', { matches: 5 }],
  ['more matches than the clauses allow', { matches: 4 }],
  ['more candidates than matches', { matches: 1 }],
  ['a candidate twice', { candidates: [candidate, candidate] }],
  ['more candidates with a clause than df', { df: [1, 1] }],
  ['tf for another number of clauses', first({ tf: [1] })],
  ['tf above the length', first({ tf: [11, 1] })],
  ['tf negative', first({ tf: [-1, 1] })],
  ['tf that is no number', first({ tf: [Number.NaN, 1] })],
  ['a candidate that matches nothing', first({ tf: [0, 0] })],
  ['length nought', first({ length: 0, tf: [0, 0] })],
  ['length infinite', first({ length: Number.POSITIVE_INFINITY })],
  ['marks outside of the snippet', first({ snippet: { text: 'ab', marks: [[0, 3]] } })],
  [
    'marks that overlap',
    first({
      snippet: {
        text: 'abcd',
        marks: [
          [0, 2],
          [1, 3],
        ],
      },
    }),
  ],
  ['a mark of nothing', first({ snippet: { text: 'abcd', marks: [[1, 1]] } })],
];
for (const [what, change] of hostile)
  test(`refused with a reason: ${what}`, () =>
    assert.equal(typeof checkAnswer(query, { ...good, ...change }), 'string'));

test('while typing, a candidate must hold every clause but the last', () => {
  const typing = parseQuery('apple pea', { prefix: true });
  assert.equal(checkAnswer(typing, good), undefined);
  assert.equal(checkAnswer(typing, { ...good, ...first({ tf: [0, 1] }) }), 'a candidate does not match the query');
});
