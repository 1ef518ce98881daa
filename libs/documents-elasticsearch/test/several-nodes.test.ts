import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseQuery } from '@kith/documents';
import { sampleDocument } from '@kith/documents/compliance';
import { openElasticsearchDocuments } from '../src/index.ts';
import { openFront } from './front.ts';
import { freshPrefix, removeIndexes, skip, testedServers } from './servers.ts';

const search = { query: parseQuery('word'), candidates: 5, snippets: 0 };

/** Two ways to one server, in place of two nodes of a cluster. */
async function openTwo(t: TestContext, url: string) {
  const fronts = [await openFront(url), await openFront(url)] as const;
  const indexPrefix = freshPrefix();
  const urls = fronts.map((front) => front.url);
  const documents = await openElasticsearchDocuments({ urls, indexPrefix, requestMs: 1_000 });
  t.after(async () => {
    for (const front of fronts) await front.close();
    await documents.close();
    await removeIndexes(url, indexPrefix);
  });
  await documents.index.put([sampleDocument({ text: 'word' })]);
  return { fronts, index: documents.index };
}

for (const url of testedServers) {
  test(`${url}: while one of two nodes is away every call is answered`, { skip }, async (t) => {
    const { fronts, index } = await openTwo(t, url);
    for (const front of fronts) {
      front.away = true;
      for (let n = 0; n < 10; n++) assert.equal((await index.search(search)).matches, 1);
      front.away = false;
    }
  });

  test(`${url}: after both were away for long the first call to one that is back is answered`, { skip }, async (t) => {
    const { fronts, index } = await openTwo(t, url);
    for (const front of fronts) front.away = true;
    for (let n = 0; n < 50; n++) await assert.rejects(index.search(search), { code: 'index_away' });
    for (const front of fronts) {
      front.away = false;
      assert.equal((await index.search(search)).matches, 1);
      front.away = true;
      await assert.rejects(index.search(search), { code: 'index_away' });
    }
  });

  test(`${url}: a node that is silent is waited for once, then the other is asked`, { skip }, async (t) => {
    const { fronts, index } = await openTwo(t, url);
    fronts[0].hangs = true;
    for (let n = 0; n < 20; n++) assert.equal((await index.search(search)).matches, 1);
    assert.equal(fronts[0].hung, 1);
  });
}
