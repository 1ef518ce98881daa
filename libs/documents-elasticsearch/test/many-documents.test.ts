import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryDocumentIndex, parseQuery } from '@kith/documents';
import { sampleDocument } from '@kith/documents/compliance';
import { isTooMuch } from '../src/search-request.ts';
import { openFresh, skip, testedServers } from './servers.ts';

/** The same numbers at each run, from 0 up to 1. */
function sequence() {
  let state = 7;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Words at random, in documents of a sentence to a few pages; `inv…` stands for 400 different words. */
function manyDocuments(count: number) {
  const next = sequence();
  const times = (word: string, most: number) => `${word} `.repeat(Math.floor(next() * (most + 1)));
  return Array.from({ length: count }, (_, i) => {
    const invoices = next() < 0.5 ? times('invoice', 4) : '';
    const text = `${invoices}${times('water', 2)}${times('filter pump', 1)}${times('pad', 900)}the inv${i % 400} 東${i % 90}京都`;
    return sampleDocument({ title: `D${i}`, text });
  });
}

/** More hits than are fetched for each of them: the engine's own order decides which. */
const queries: [string, boolean][] = [
  ['the', false],
  ['invoice', false],
  ['invoice water', false],
  ['in', true],
  ['inv', true],
  ['water inv', true],
  ['invoice "filter pump"', false],
  ['"filter pump" water -invoice', false],
  ['京都 water', false],
  ['京', false],
];

for (const url of testedServers)
  test(`${url}: the best of many documents are those of the index in memory`, { skip }, async (t) => {
    const { index, dispose } = await openFresh(url);
    t.after(dispose);
    const documents = manyDocuments(1200);
    const model = createMemoryDocumentIndex();
    await model.put(documents);
    await index.put(documents);
    for (const [text, prefix] of queries) {
      const search = { query: parseQuery(text, { prefix }), candidates: 20, snippets: 1 };
      const wanted = await model.search(search);
      assert.ok(wanted.matches > 100, `${text}: ${wanted.matches}`);
      assert.deepEqual(await index.search(search), wanted, text);
    }
  });

for (const url of testedServers)
  test(`${url}: a prefix of more words than the server takes in one query still finds`, { skip }, async (t) => {
    const { index, dispose } = await openFresh(url);
    t.after(dispose);
    const words = (from: number) => Array.from({ length: 400 }, (_, i) => `ab${from * 400 + i}`).join(' ');
    await index.put(Array.from({ length: 100 }, (_, i) => sampleDocument({ title: `D${i}`, text: words(i) })));
    for (const text of ['ab', 'd1 ab']) {
      const search = { query: parseQuery(text, { prefix: true }), candidates: 5, snippets: 0 };
      const { matches, candidates } = await index.search(search);
      assert.deepEqual([matches, candidates.length], text === 'ab' ? [100, 5] : [1, 1]);
    }
  });

test('the shorter a prefix and the larger the collection, the sooner it is scored by some of its words', () => {
  const isSome = (text: string, documents: number) => {
    const [clause] = parseQuery(text, { prefix: true }).clauses;
    return clause !== undefined && isTooMuch(clause, documents);
  };
  assert.deepEqual([isSome('wa', 20_000), isSome('wa', 30_000)], [false, true]);
  assert.deepEqual([isSome('wat', 100_000), isSome('wat', 200_000)], [false, true]);
  assert.deepEqual([isSome('都', 100_000), isSome('都', 200_000)], [false, true]);
  assert.ok(!isSome('"water filter"', 10_000_000));
});
