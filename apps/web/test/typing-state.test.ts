import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterEnter, afterPause } from '../src/search/typing-state.ts';

const before = { text: '', prefix: false };

test('while typing, the last word stands for its beginnings', () => {
  assert.deepEqual(afterPause(before, 'mal'), { text: 'mal', prefix: true });
});

test('Enter within the pause of typing searches the word, and the pause does not undo that', () => {
  const entered = afterEnter(before, 'malaria');
  assert.deepEqual(entered, { text: 'malaria', prefix: false });
  assert.equal(afterPause(entered, 'malaria'), entered);
});

test('Enter after the pause makes the words whole; a second Enter changes nothing', () => {
  const entered = afterEnter(afterPause(before, 'malaria'), 'malaria');
  assert.deepEqual(entered, { text: 'malaria', prefix: false });
  assert.equal(afterEnter(entered, 'malaria'), entered);
});
