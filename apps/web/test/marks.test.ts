import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markedPieces } from '../src/reader/marked-pieces.ts';
import { queryMarks } from '../src/reader/query-marks.ts';

const shown = (text: string, marks: [number, number][]) =>
  markedPieces(text, marks)
    .map(({ text: piece, marked }) => (marked ? `[${piece}]` : piece))
    .join('');

test('a text is cut at its marks, and whatever a peer sends, the pieces are the text', () => {
  const text = 'the grey heron';
  const table: [[number, number][], string][] = [
    [[], 'the grey heron'],
    [[[4, 8]], 'the [grey] heron'],
    [
      [
        [9, 14],
        [4, 8],
      ],
      'the [grey] [heron]',
    ],
    [
      [
        [4, 10],
        [8, 14],
      ],
      'the [grey h][eron]',
    ],
    [
      [
        [4, 4],
        [12, 2],
        [9, 900],
        [50, 60],
      ],
      'the grey [heron]',
    ],
    [
      [
        [0, Number.MAX_SAFE_INTEGER],
        [0, 3],
      ],
      '[the grey heron]',
    ],
  ];
  for (const [marks, result] of table) {
    assert.equal(shown(text, marks), result);
    assert.equal(
      markedPieces(text, marks)
        .map((piece) => piece.text)
        .join(''),
      text,
    );
  }
  assert.deepEqual(markedPieces('', [[0, 1]]), []);
});

test('the words of a query are marked by the rules of the search itself', () => {
  const marked = (query: string, text: string, prefix = false) => shown(text, queryMarks(query, text, prefix));
  assert.equal(marked('heron', 'Heron, HERON, herons'), '[Heron], [HERON], herons');
  assert.equal(marked('her', 'Heron, HERON, here', true), '[Heron], [HERON], [here]');
  assert.equal(marked('"grey heron" -egret', 'a grey heron, a grey egret'), 'a [grey heron], a grey egret');
  assert.equal(marked('uber', 'Über'), '[Über]');
  assert.equal(marked('  ', 'heron'), 'heron');
});

test('a long text is marked to its end', () => {
  const text = `${'reed '.repeat(30_000)}heron`;
  assert.deepEqual(queryMarks('heron', text, false), [[text.length - 5, text.length]]);
});
