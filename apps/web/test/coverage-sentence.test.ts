import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COVERAGE_STATUS, type Coverage, type NodeId, nodeIdSchema, type SearchResult } from '@kith/wire';
import { coverageReason } from '../src/coverage/coverage-reason.ts';
import { coverageSentence, isComplete, resultCount } from '../src/coverage/coverage-sentence.ts';
import { plain } from '../src/format/sentence.ts';
import { noResultsSentence } from '../src/results/no-results-sentence.ts';

const now = new Date(2026, 10, 24, 15, 0).getTime();
const id = (letter: string): NodeId => nodeIdSchema.parse(letter.repeat(52));
const node = (name: string, change: Partial<Coverage> = {}): Coverage => ({
  id: id(name.charAt(0).toLowerCase()),
  name,
  self: false,
  status: 'answered',
  ms: 100,
  documents: 10,
  matches: 1,
  ...change,
});
const here = node('here', { self: true, ms: 4 });
const result: SearchResult = {
  hash: 'ab'.repeat(32),
  title: 'a',
  name: 'a',
  mediaType: 'text/plain',
  size: 1,
  modifiedAt: 1,
  score: 1,
  complete: true,
  holders: [],
};
const away = node('Ana’s laptop', { status: 'away', lastSeenAt: new Date(2026, 10, 24, 14, 2).getTime() });
const said = (coverage: Coverage[], final = true) =>
  plain(coverageSentence({ coverage, final, tookMs: 90 }, now)).replaceAll(/[\u2068\u2069]/g, '');

test('says who answered, how fast, and who was not searched', () => {
  const table: [Coverage[], boolean, string][] = [
    [[here], true, 'Only this node was searched, in 0.1 s.'],
    [[here, node('Bob')], true, 'The one peer answered in 0.1 s.'],
    [[here, node('Bob'), node('Carl', { ms: 420 })], true, 'Both peers answered in 0.4 s.'],
    [
      [here, node('Bob'), node('Carl'), away],
      true,
      '2 of 3 peers answered in 0.1 s. Ana’s laptop is away since 14:02: its documents were not searched.',
    ],
    [
      [here, node('Bob', { status: 'asking' }), node('Carl'), away],
      false,
      'Searching: 1 of 2 peers answered so far. Ana’s laptop is away since 14:02: its documents were not searched.',
    ],
    [
      [here, node('Bob', { status: 'timed-out' })],
      true,
      'No peer answered. Bob did not answer in time: its documents were not searched.',
    ],
    [
      [node('here', { self: true, status: 'index-away' }), node('Bob')],
      true,
      'The one peer answered in 0.1 s. This node cannot search at the moment: its own documents were not searched.',
    ],
  ];
  for (const [coverage, final, sentence] of table) assert.equal(said(coverage, final), sentence);
});

test('names two missing nodes and counts the rest', () => {
  const missing = ['Bob', 'Carl', 'Dora', 'Emil'].map((name) => node(name, { status: 'unreachable' }));
  const sentence = said([here, node('Ana'), ...missing]);
  assert.match(sentence, /^1 of 5 peers answered/);
  assert.match(sentence, /Bob.*Carl.* 2 more did not answer\.$/);
  assert.doesNotMatch(sentence, /Dora/);
});

test('every status but the good one has a sentence that names the node', () => {
  for (const status of COVERAGE_STATUS) {
    const reason = plain(coverageReason(node('Bob', { status, message: 'It is cut.' }), now));
    if (status === 'answered') assert.equal(reason, '');
    else assert.match(reason, /^\u2068Bob\u2069 .+\.$/);
  }
});

test('no result is certain only where every node was searched', () => {
  const certain = noResultsSentence({ coverage: [here, node('Bob')], documents: 1240 });
  assert.equal(certain.certain, true);
  assert.equal(certain.title, 'Nothing matches. Everything was searched: 1,240 documents on 2 nodes.');
  const doubtful = noResultsSentence({ coverage: [here, away], documents: 1 });
  assert.equal(doubtful.certain, false);
  assert.equal(doubtful.title, 'Not found in what could be searched: 1 document on 1 node.');
  assert.match(noResultsSentence({ coverage: [here], documents: 0 }).title, /nothing to search/);
  assert.equal(isComplete([here, node('Bob', { status: 'asking' })]), false);
});

test('results are counted as shown and as found', () => {
  const counted = (shown: number, matches: number, documents: number) =>
    resultCount({ results: Array.from({ length: shown }, () => result), matches, documents }, 20);
  assert.equal(counted(1, 1, 2), '1 result in 2 documents');
  assert.equal(counted(20, 1312, 5000), '20 of 1,312 results in 5,000 documents');
  assert.equal(counted(5, 7, 27), '5 results in 27 documents', 'two of them have two copies');
});
