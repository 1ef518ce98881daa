import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseQuery } from '@kith/documents';
import { sampleDocument, sampleFile } from '@kith/documents/compliance';
import { openElasticsearchDocuments } from '../src/index.ts';
import { openFront } from './front.ts';
import { call, freshPrefix, openFresh, removeIndexes, skip, testedServers } from './servers.ts';

const some = (count: number, words = 3) =>
  Array.from({ length: count }, (_, i) => sampleDocument({ title: `D${i}`, text: `word ${'pad '.repeat(words)}` }));
const search = { query: parseQuery('word'), candidates: 5, snippets: 0 };

async function openBehindFront(t: TestContext, url: string) {
  const front = await openFront(url);
  const indexPrefix = freshPrefix();
  const pauses: number[] = [];
  const clock = {
    sleep: async (ms: number) => {
      pauses.push(ms);
    },
  };
  const open = () => openElasticsearchDocuments({ urls: [front.url], indexPrefix, clock });
  t.after(async () => {
    await front.close();
    await removeIndexes(url, indexPrefix);
  });
  return { front, open, pauses, indexPrefix };
}

for (const url of testedServers) {
  test(`${url}: 429 for a whole bulk and for some of its lines is waited out`, { skip }, async (t) => {
    const { front, open, pauses } = await openBehindFront(t, url);
    const { index, close } = await open();
    front.refuseBulks = 3;
    front.halveBulks = 2;
    await index.put(some(40));
    assert.equal((await index.search(search)).matches, 40);
    assert.equal(pauses.length, 5);
    assert.ok(
      pauses.every((ms, i) => i === 0 || ms > (pauses[i - 1] ?? 0) * 0.9),
      String(pauses),
    );
    front.refuseBulks = 1000;
    await assert.rejects(index.put(some(1)), { code: 'index_away', message: /too much to do/ });
    front.refuseBulks = 0;
    await index.put(some(41));
    assert.equal((await index.statistics()).documents, 41);
    await close();
  });

  test(`${url}: away while running, and back`, { skip }, async (t) => {
    const { front, open } = await openBehindFront(t, url);
    const { index, files, close } = await open();
    await index.put(some(5));
    front.away = true;
    const away = { code: 'index_away', message: /KITH_ELASTICSEARCH_URL/ };
    await assert.rejects(index.search(search), away);
    await assert.rejects(index.put(some(6)), away);
    await assert.rejects(index.get(some(1)[0]?.hash ?? ''), away);
    await assert.rejects(files.putFiles([sampleFile({})]), away);
    await assert.rejects(files.countBySource(), away);
    front.away = false;
    await index.put(some(6));
    assert.equal((await index.search(search)).matches, 6);
    await close();
  });

  test(`${url}: away at the start: opens, says so, and works when it is there`, { skip }, async (t) => {
    const { front, open } = await openBehindFront(t, url);
    front.away = true;
    const { index, close } = await open();
    await assert.rejects(index.statistics(), { code: 'index_away' });
    front.away = false;
    await index.put(some(2));
    assert.equal((await index.search(search)).matches, 2);
    await close();
  });

  test(
    `${url}: the disk's flood stage: disk_full, reading goes on, writing too when the block is gone`,
    { skip },
    async (t) => {
      const { index, files, indexPrefix, dispose } = await openFresh(url);
      t.after(dispose);
      await index.put(some(3));
      const block = (value: boolean | null) =>
        call(url, 'PUT', `/${indexPrefix}-*/_settings`, { 'index.blocks.read_only_allow_delete': value });
      await block(true);
      await assert.rejects(index.put(some(4)), { code: 'disk_full', message: /[Mm]ake room/ });
      await assert.rejects(files.putFiles([sampleFile({})]), { code: 'disk_full' });
      assert.equal((await index.search(search)).matches, 3);
      await block(null);
      await index.put(some(4));
      assert.equal((await index.search(search)).matches, 4);
    },
  );

  test(`${url}: two services on one index see each other's documents at once`, { skip }, async (t) => {
    const { index, open, dispose } = await openFresh(url);
    t.after(dispose);
    const [second, third] = await Promise.all([open(), open()]);
    const all = some(60);
    await Promise.all(all.map((one, i) => [index, second.index, third.index][i % 3]?.put([one])));
    for (const one of [index, second.index, third.index]) assert.equal((await one.search(search)).matches, 60);
  });

  test(`${url}: a large put goes in several bulks, all or an error`, { skip }, async (t) => {
    const { front, open } = await openBehindFront(t, url);
    const { index, close } = await open();
    await index.put(some(2300));
    assert.ok(front.bulks >= 3 && front.bulks <= 5, `${front.bulks}`);
    assert.equal((await index.search(search)).matches, 2300);
    await close();
  });
}
