import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchPage } from '@kith/wire';
import { idleSearch, type SearchStep, searchReducer } from '../src/results/search-state.ts';

const page = (query: string, final: boolean): SearchPage => ({
  query,
  final,
  results: [],
  matches: 0,
  documents: 0,
  coverage: [],
  tookMs: 1,
});
const after = (...steps: SearchStep[]) => steps.reduce(searchReducer, idleSearch);

test('old results stay, marked as old, until the first new ones are there', () => {
  const asked = after({ kind: 'asked' }, { kind: 'answered', page: page('a', true) }, { kind: 'asked' });
  assert.deepEqual(asked, { phase: 'asking', page: page('a', true), stale: true });
  const answered = searchReducer(asked, { kind: 'answered', page: page('ab', false) });
  assert.deepEqual(answered, { phase: 'asking', page: page('ab', false), stale: false });
  assert.equal(searchReducer(answered, { kind: 'answered', page: page('ab', true) }).phase, 'done');
});

test('a search that is cut keeps what it has found; one that fails at once shows nothing old', () => {
  const cut = after(
    { kind: 'asked' },
    { kind: 'answered', page: page('a', false) },
    { kind: 'failed', message: 'cut' },
  );
  assert.deepEqual(cut, { phase: 'failed', page: page('a', false), stale: false, error: 'cut' });
  const failed = after(
    { kind: 'asked' },
    { kind: 'answered', page: page('a', true) },
    { kind: 'asked' },
    { kind: 'failed', message: 'refused' },
  );
  assert.deepEqual(failed, { phase: 'failed', stale: false, error: 'refused' });
  assert.deepEqual(searchReducer(failed, { kind: 'cleared' }), idleSearch);
});
