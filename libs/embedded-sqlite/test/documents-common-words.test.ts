import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkAnswer, createMemoryDocumentIndex, parseQuery } from '@kith/documents';
import { sampleDocument } from '@kith/documents/compliance';
import { tempDirectory } from '@kith/testing';
import { openDocumentsDatabase } from '../src/documents/database.ts';
import { createDocumentsSearch } from '../src/documents/search/search.ts';
import { createDocumentWriter } from '../src/documents/writer.ts';

const documents = Array.from({ length: 300 }, (_, i) =>
  sampleDocument({
    title: `D${i}`,
    text: `the ${i % 2 ? 'of' : 'and'} ${i % 50 === 0 ? 'rare rare' : ''} ${'pad '.repeat(i % 7)} ${i % 3 ? 'x' : ''}`,
  }),
);
const queries: [string, boolean][] = [
  ['the', false],
  ['the of', false],
  ['the rare', false],
  ['the of rare', false],
  ['the and -x', false],
  ['the -of', false],
  ['the ra', true],
  ['th', true],
  ['missing the', false],
];

test('above the limit of postings: counts stay exact, candidates are true, rare words decide', async (t) => {
  const { database } = openDocumentsDatabase(join(tempDirectory(t), 'documents.sqlite'));
  t.after(() => database.close());
  const { putDocument } = createDocumentWriter(database);
  for (const document of documents) putDocument(document);
  const model = createMemoryDocumentIndex();
  await model.put(documents);
  const search = createDocumentsSearch(database, { postingsMax: 40 });
  for (const [text, prefix] of queries) {
    const query = parseQuery(text, { prefix });
    const given = search({ query, candidates: 6, snippets: 1 });
    const all = await model.search({ query, candidates: 300, snippets: 0 });
    assert.equal(checkAnswer(query, given), undefined, text);
    const { candidates: found, ...numbers } = given;
    const { candidates: known, ...wanted } = all;
    assert.deepEqual(numbers, wanted, text);
    assert.equal(found.length, 6, text);
    for (const { snippet: _, ...candidate } of found)
      assert.deepEqual(
        candidate,
        known.find(({ hash }) => hash === candidate.hash),
        text,
      );
    if (text.includes('rare'))
      assert.deepEqual(
        found.map(({ hash }) => hash),
        known.slice(0, 6).map(({ hash }) => hash),
      );
  }
});
