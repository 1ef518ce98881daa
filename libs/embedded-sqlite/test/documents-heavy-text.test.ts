import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseQuery } from '@kith/documents';
import { sampleDocument } from '@kith/documents/compliance';
import { tempDirectory } from '@kith/testing';
import { openDocumentsDatabase } from '../src/documents/database.ts';
import { createSweep } from '../src/documents/memory.ts';
import { createDocumentsSearch } from '../src/documents/search/search.ts';
import { createDocumentWriter } from '../src/documents/writer.ts';

const TEXT_BYTES = 3_000_000;
const external = () => process.memoryUsage().external;

test('while the words of a heavy text are indexed, its text is out of memory; light texts are swept after by nobody', (t) => {
  const { database } = openDocumentsDatabase(join(tempDirectory(t), 'documents.sqlite'));
  t.after(() => database.close());
  const sweep = createSweep();
  const left: number[] = [];
  let before = 0;
  const { putDocument } = createDocumentWriter(database, () => {
    sweep();
    left.push(external() - before);
  });
  const heavy = ['one', 'two'].map((word) => {
    const text = Buffer.alloc(TEXT_BYTES, `some words of the text number ${word} `);
    return { ...sampleDocument({ title: word, text: word }), text: new Uint8Array(text) };
  });
  sweep();
  before = external();
  for (const document of heavy) putDocument(document);
  assert.equal(left.length, 2);
  assert.ok(Math.max(...left) < TEXT_BYTES / 3, `left: ${left.join(' and ')} bytes`);

  putDocument(sampleDocument({ title: 'light', text: 'three' }));
  assert.equal(left.length, 2);
  const search = createDocumentsSearch(database);
  const found = (text: string) => search({ query: parseQuery(text), candidates: 5, snippets: 1 }).candidates.length;
  assert.deepEqual(['one', 'two', 'three', 'number'].map(found), [1, 1, 1, 2]);
});
