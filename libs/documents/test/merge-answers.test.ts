import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, nodeIdSchema, type PeerSearchAnswer } from '@kith/wire';
import fc from 'fast-check';
import { hashOf, sampleDocument } from '../compliance/index.ts';
import { createMemoryDocumentIndex, type IndexedDocument, mergeAnswers, parseQuery } from '../src/index.ts';

const node = (letter: string) => nodeIdSchema.parse(letter.repeat(52));
const query = parseQuery('apple pear');
const candidate = (seed: string, tf: number[], length = 10): Candidate => {
  const { text: _, ...summary } = sampleDocument({ seed, title: seed });
  return { ...summary, tf, length };
};
const answer = (candidates: Candidate[], more: Partial<PeerSearchAnswer> = {}): PeerSearchAnswer => ({
  analyser: 1,
  documents: 10,
  totalLength: 100,
  df: [3, 2],
  matches: candidates.length,
  candidates,
  ...more,
});

test('documents with every clause come first, then by score, then by hash', () => {
  const [x, y] = [hashOf('x'), hashOf('y')].sort();
  const equal = [y, x].map((hash) => ({ ...candidate('same', [1, 1]), hash: hash ?? '' }));
  const one = answer([candidate('often', [9, 0]), candidate('once', [1, 0], 50), ...equal]);
  const merged = mergeAnswers(query, [{ holder: node('a'), answer: one }], 10);
  assert.deepEqual(
    merged.map(({ hash }) => hash),
    [x, y, hashOf('often'), hashOf('once')],
  );
  assert.deepEqual(
    merged.map(({ complete }) => complete),
    [true, true, false, false],
  );
});

test('a document of several nodes is one result with all its holders; the lowest id says its title', () => {
  const of = (title: string) => answer([{ ...candidate('d', [1, 0]), title }]);
  const [merged] = mergeAnswers(
    query,
    [
      { holder: node('c'), answer: of('from c') },
      { holder: node('a'), answer: of('from a') },
      {
        holder: node('b'),
        answer: answer([{ ...candidate('d', [1, 0]), snippet: { text: 'apple', marks: [[0, 5]] } }]),
      },
    ],
    10,
  );
  assert.deepEqual(merged?.holders, [node('a'), node('b'), node('c')]);
  assert.equal(merged?.title, 'from a');
  assert.equal(merged?.snippet?.text, 'apple');
});

test('scores come from the statistics of all answers together', () => {
  const alone = mergeAnswers(query, [{ holder: node('a'), answer: answer([candidate('d', [2, 1])]) }], 10);
  const idf = (df: number, all: number) => Math.log(1 + (all - df + 0.5) / (df + 0.5));
  const part = (tf: number) => (tf * 2.2) / (tf + 1.2);
  const wanted = (all: number, df: [number, number]) => idf(df[0], all) * part(2) + idf(df[1], all) * part(1);
  assert.equal(alone[0]?.score, Math.round(wanted(10, [3, 2]) * 1e6) / 1e6);
  const both = mergeAnswers(
    query,
    [
      { holder: node('a'), answer: answer([candidate('d', [2, 1])]) },
      { holder: node('b'), answer: answer([], { documents: 90, totalLength: 900, df: [30, 0] }) },
    ],
    10,
  );
  assert.equal(both[0]?.score, Math.round(wanted(100, [33, 2]) * 1e6) / 1e6);
});

test('nobody answered, or all are empty: no results', () => {
  assert.deepEqual(mergeAnswers(query, [], 10), []);
  const empty = answer([], { documents: 0, totalLength: 0, df: [0, 0] });
  assert.deepEqual(mergeAnswers(query, [{ holder: node('a'), answer: empty }], 10), []);
});

const words = fc.array(fc.constantFrom('apple', 'pear', 'plum', 'fig', 'the', '東京'), { maxLength: 30 });
const documents = fc.array(fc.record({ title: words, text: words }), { minLength: 1, maxLength: 60 });

test('split over nodes, the order is that of one index with all documents, in whatever order answers arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      documents,
      fc.integer({ min: 1, max: 6 }),
      fc.infiniteStream(fc.nat()),
      async (given, nodes, dice) => {
        const all: IndexedDocument[] = given.map(({ title, text }, i) =>
          sampleDocument({ seed: `${i}`, title: title.join(' '), text: text.join(' ') }),
        );
        const central = createMemoryDocumentIndex();
        await central.put(all);
        const answers = await Promise.all(
          Array.from({ length: nodes }, async (_, i) => {
            const index = createMemoryDocumentIndex();
            await index.put(all.filter((_one, at) => at % nodes === i));
            const found = await index.search({ query, candidates: 60, snippets: 0 });
            return { holder: node('abcdef'[i] ?? 'z'), answer: found };
          }),
        );
        const wanted = await central.search({ query, candidates: 10, snippets: 0 });
        const shuffled = answers
          .map((one) => ({ one, at: dice.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const merged = mergeAnswers(query, shuffled, 10);
        assert.deepEqual(
          merged.map(({ hash }) => hash),
          wanted.candidates.map(({ hash }) => hash),
        );
        assert.deepEqual(merged, mergeAnswers(query, answers, 10));
      },
    ),
    { numRuns: 60 },
  );
});
