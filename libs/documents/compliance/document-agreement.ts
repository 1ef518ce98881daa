import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '@kith/wire';
import fc from 'fast-check';
import { createMemoryDocumentIndex, mergeAnswers, parseQuery } from '../src/index.ts';
import type { OpenedIndex } from './document-index.ts';
import { randomDocuments, randomHashes, randomQuery, SEEDS } from './random-documents.ts';
import { hashOf } from './sample-documents.ts';

const step = fc.oneof(
  { weight: 3, arbitrary: randomDocuments.map((put) => ({ put })) },
  { weight: 1, arbitrary: randomHashes.map((remove) => ({ remove })) },
  { weight: 2, arbitrary: fc.array(randomQuery, { minLength: 1, maxLength: 3 }).map((ask) => ({ ask })) },
);
const history = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
  last: fc.array(randomQuery, { minLength: 1, maxLength: 4 }),
  candidates: fc.integer({ min: 1, max: 30 }),
});

interface Options {
  readonly runs?: number;
  readonly skip?: string | false;
}

/** `documentsAgree` for one index. */
export const documentAgreement = (name: string, open: () => Promise<OpenedIndex>, options: Options = {}): void =>
  documentsAgree(name, async () => ({ [name]: await open() }), options);

/**
 * Random documents, replaced and removed at random, with random queries between and after: all indexes give the same
 * hits, order, counts, scores and list as the one in memory. The same indexes serve all runs: each leaves them empty.
 */
export function documentsAgree(
  name: string,
  open: () => Promise<Record<string, OpenedIndex>>,
  { runs = 100, skip = false }: Options = {},
): void {
  test(`${name}: same hits, order, counts, scores and list as the index in memory`, { skip }, async () => {
    const opened = await open();
    const indexes = Object.entries(opened).map(([engine, { index }]) => ({ engine, index }));
    const holder = 'one' as NodeId;
    const all = Array.from({ length: SEEDS }, (_, seed) => hashOf(`${seed}`));

    const property = fc.asyncProperty(history, async ({ steps, last, candidates }) => {
      const model = createMemoryDocumentIndex();
      const everywhere = (act: (index: OpenedIndex['index']) => Promise<void>) =>
        Promise.all([act(model), ...indexes.map(({ index }) => act(index))]);
      const compare = async ({ text, prefix }: { text: string; prefix: boolean }) => {
        const query = parseQuery(text, { prefix });
        if (query.clauses.length === 0) return;
        const search = { query, candidates, snippets: 2 };
        const wanted = await model.search(search);
        const ranked = mergeAnswers(query, [{ holder, answer: wanted }], candidates);
        for (const { engine, index } of indexes) {
          const answer = await index.search(search);
          assert.deepEqual(answer, wanted, `${engine}: ${text}`);
          assert.deepEqual(mergeAnswers(query, [{ holder, answer }], candidates), ranked, `${engine}: ${text}`);
        }
      };
      try {
        for (const one of [...steps, { ask: last }]) {
          if ('put' in one) await everywhere((index) => index.put(one.put));
          else if ('remove' in one) await everywhere((index) => index.remove(one.remove));
          else for (const query of one.ask) await compare(query);
        }
        const list = await model.list({ limit: SEEDS });
        for (const { engine, index } of indexes) assert.deepEqual(await index.list({ limit: SEEDS }), list, engine);
      } finally {
        await everywhere((index) => index.remove(all));
      }
      for (const { engine, index } of indexes) assert.equal((await index.statistics()).documents, 0, engine);
    });
    try {
      await fc.assert(property, { numRuns: runs });
    } finally {
      for (const { index, dispose } of Object.values(opened)) {
        await index.close();
        await dispose?.();
      }
    }
  });
}
