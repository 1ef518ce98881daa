import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutToWidth, plainLine, plainLines, safeJson, textWidth } from '../src/output/plain-text.ts';

test('nothing of a peer can steer the terminal', () => {
  assert.equal(plainLine('\u001b[2Jhi\u009b31m\u202e!\u0007'), '[2Jhi31m!');
  assert.equal(plainLine('two\nlines\u2028and\ttabs'), 'two lines and tabs');
  assert.equal(plainLines('a\r\nb\tc\u001b]0;title\u0007'), 'a\nb\tc]0;title');
});

test('JSON for a terminal has no bare control or format characters, and parses to the same', () => {
  const value = { name: '\u009b31mred\u202e\u001b[1m\u{e0041} 教室' };
  const text = safeJson(value);
  assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
  assert.match(text, /教室/);
  assert.deepEqual(JSON.parse(text), value);
});

test('width counts what a terminal shows', () => {
  assert.equal(textWidth('abc'), 3);
  assert.equal(textWidth('教室'), 4);
  assert.equal(textWidth('e\u0301'), 1);
  assert.equal(cutToWidth('教室の中', 5), '教室…');
  assert.equal(cutToWidth('short', 5), 'short');
});
