import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMemoryDocumentIndex, parseQuery } from '../src/index.ts';
import type { OpenedIndex } from './document-index.ts';
import { hashOf } from './sample-documents.ts';

/** Few words, so that documents share them; some of every script, some that are prefixes of others. */
const word = fc.constantFrom(
  ...['apple', 'app', 'Äpfel', 'the', 'THE', 'of', 'x', '42', 'café', 'naïve', 'ОГОНЬ', 'огонь', 'हिन्दी', 'שָׁלוֹם', 'מה'],
  ...[
    '東京都',
    '東京',
    '京都',
    '都',
    '東',
    'がく',
    'カタ',
    '한국어',
    '한',
    '𠀀𠀁',
    'ΟΔΟΣ',
    'straße',
    'x'.repeat(70),
    '—',
    '¶',
    '"',
  ],
);
const words = (maxLength: number) => fc.array(word, { maxLength }).map((some) => some.join(' '));
const joined = fc.array(word, { maxLength: 6 }).map((some) => some.join(''));
const document = fc.record({
  seed: fc.integer({ min: 0, max: 30 }),
  title: fc.oneof(words(4), joined),
  text: fc.oneof({ weight: 4, arbitrary: words(40) }, joined, fc.constant('')),
  modifiedAt: fc.integer({ min: 0, max: 5 }),
});
const queryPart = fc
  .tuple(fc.constantFrom('', '', '', '-', '"'), words(3))
  .map(([mark, text]) => (mark === '"' ? `"${text}"` : `${mark}${text}`));
const query = fc.record({
  text: fc.array(queryPart, { minLength: 1, maxLength: 4 }).map((some) => some.join(' ').slice(0, 500)),
  prefix: fc.boolean(),
});
const step = fc.oneof(
  { weight: 3, arbitrary: fc.array(document, { minLength: 1, maxLength: 12 }).map((put) => ({ put })) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }).map((remove) => ({ remove })) },
);

/**
 * Random documents, replaced and removed at random, and random queries: an index gives the same hits, order, counts and
 * scores as the one in memory. One index serves all runs: each leaves it empty.
 */
export function documentAgreement(
  name: string,
  open: () => Promise<OpenedIndex>,
  { runs = 100, skip = false }: { runs?: number; skip?: string | false } = {},
): void {
  test(`${name}: same hits, order, counts and list as the index in memory`, { skip }, async () => {
    const opened = await open();
    const { index } = opened;
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 4 }),
      fc.array(query, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 8 }),
      async (steps, queries, candidates) => {
        const model = createMemoryDocumentIndex();
        for (const one of steps) {
          const put = 'put' in one ? one.put : [];
          const some = put.map(({ seed, ...rest }) => ({
            ...rest,
            hash: hashOf(`${seed}`),
            name: `${seed}.txt`,
            mediaType: 'text/plain',
            size: seed,
          }));
          const gone = 'remove' in one ? one.remove.map((seed) => hashOf(`${seed}`)) : [];
          for (const each of [model, index]) {
            await each.put(some);
            await each.remove(gone);
          }
        }
        for (const { text, prefix } of queries) {
          const parsed = parseQuery(text, { prefix });
          if (parsed.clauses.length === 0) continue;
          const search = { query: parsed, candidates, snippets: 2 };
          assert.deepEqual(await index.search(search), await model.search(search));
        }
        assert.deepEqual(await index.list({ limit: 100 }), await model.list({ limit: 100 }));
        await index.remove(Array.from({ length: 31 }, (_, seed) => hashOf(`${seed}`)));
        assert.equal((await index.statistics()).documents, 0);
      },
    );
    try {
      await fc.assert(property, { numRuns: runs });
    } finally {
      await index.close();
      await opened.dispose?.();
    }
  });
}
