import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IndexedDocument, parseQuery } from '@kith/documents';
import { sampleDocument } from '@kith/documents/compliance';
import { indexedSource } from '../src/elasticsearch-document-index.ts';
import { openElasticsearchDocuments } from '../src/index.ts';
import { documentsPlan, filesPlan } from '../src/mappings.ts';
import { call, freshPrefix, removeIndexes, skip, testedServers } from './servers.ts';

const some = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => sampleDocument({ title: `D${from + i}`, text: 'word' }));
const search = { query: parseQuery('word'), candidates: 5, snippets: 0 };
const renew = (source: Record<string, unknown>) => ({ ...indexedSource(source as unknown as IndexedDocument) });

for (const url of testedServers) {
  test(`${url}: a new version is filled while the old one serves, then takes its place`, { skip }, async (t) => {
    const indexPrefix = freshPrefix();
    const options = { urls: [url], indexPrefix };
    t.after(() => removeIndexes(url, indexPrefix));
    const old = await openElasticsearchDocuments(options);
    await old.index.put(some(0, 450));
    const before = await old.index.statistics();

    let renewed = 0;
    const next = documentsPlan((source) => {
      renewed++;
      return renew(source);
    });
    const plan = { ...next, version: '99' };
    const now = await openElasticsearchDocuments(options, { documents: plan, files: filesPlan });
    await now.index.put(some(450, 500));
    await now.index.remove(some(0, 25).map(({ hash }) => hash));
    await now.index.put([{ ...(some(30, 31)[0] ?? sampleDocument({})), title: 'changed' }]);
    assert.equal((await now.index.search(search)).matches, 475);
    await now.settled();

    assert.ok(renewed >= 425, `${renewed}`);
    const names = Object.keys((await call(url, 'GET', `/_alias/${indexPrefix}-documents`)) as object);
    assert.deepEqual(names, [`${indexPrefix}-documents-v99`]);
    const { matches, df } = await now.index.search(search);
    assert.deepEqual([matches, df], [475, [475]]);
    assert.equal((await now.index.get(some(30, 31)[0]?.hash ?? ''))?.title, 'changed');
    assert.equal(await now.index.get(some(3, 4)[0]?.hash ?? ''), undefined);
    const after = await now.index.statistics();
    assert.ok(after.version > before.version);
    assert.equal(after.totalLength, 475 * 5);

    // A service that still knew the old one finds the new one, and does not make the old one again.
    await assert.rejects(old.index.search(search), { code: 'index_away' });
    await old.close();
    await now.index.put(some(500, 510));
    assert.equal((await now.index.search(search)).matches, 485);
    await now.close();
    const again = await openElasticsearchDocuments(options, { documents: plan, files: filesPlan });
    assert.equal((await again.index.search(search)).matches, 485);
    await again.close();
  });

  test(`${url}: only the server core's features, and nothing that is not in the mapping`, { skip }, async (t) => {
    const indexPrefix = freshPrefix();
    t.after(() => removeIndexes(url, indexPrefix));
    const { index, close } = await openElasticsearchDocuments({ urls: [url], indexPrefix });
    await index.put(some(0, 1));
    const mapping = JSON.stringify(await call(url, 'GET', `/${indexPrefix}-documents/_mapping`));
    assert.match(mapping, /"dynamic":"strict"/);
    assert.match(mapping, /"analyzer":"whitespace"/);
    const source = JSON.stringify(await call(url, 'GET', `/${indexPrefix}-documents/_doc/${some(0, 1)[0]?.hash}`));
    assert.doesNotMatch(source, /"s":/);
    await close();
  });
}
