import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexHealthSchema } from '@kith/wire';
import { checkAnswer, type DocumentIndex, parseQuery } from '../src/index.ts';
import { hashOf, sampleDocument } from './sample-documents.ts';

export interface OpenedIndex {
  readonly index: DocumentIndex;
  /** Opens the same documents again after `index.close()`, as after a restart; absent where nothing is kept. */
  readonly reopen?: () => Promise<DocumentIndex>;
  /** Removes what the test left; called when the index is closed. */
  readonly dispose?: () => Promise<void>;
}

/** What every DocumentIndex must do. `open` gives an empty one; `skip` is a reason or false. */
export function documentIndexCompliance(
  name: string,
  open: () => Promise<OpenedIndex>,
  { skip = false }: { skip?: string | false } = {},
): void {
  const check = (what: string, body: (opened: OpenedIndex) => Promise<void>) =>
    test(`${name}: ${what}`, { skip }, async () => {
      const opened = await open();
      try {
        await body(opened);
      } finally {
        await opened.index.close();
        await opened.dispose?.();
      }
    });
  const titles = async (index: DocumentIndex, text: string, prefix = false) => {
    const query = parseQuery(text, { prefix });
    const answer = await index.search({ query, candidates: 60, snippets: 20 });
    assert.equal(checkAnswer(query, answer), undefined);
    assert.equal(Math.min(answer.matches, 60), answer.candidates.length);
    return answer.candidates.map(({ title }) => title);
  };

  check('an empty index answers with nothing', async ({ index }) => {
    assert.deepEqual(await titles(index, 'word'), []);
    assert.deepEqual(await index.list({ limit: 10 }), []);
    assert.equal(await index.get(hashOf('none')), undefined);
    const { documents, totalLength } = await index.statistics();
    assert.deepEqual({ documents, totalLength }, { documents: 0, totalLength: 0 });
    await index.put([]);
    await index.remove([hashOf('none')]);
  });

  check('what was put is found, given back whole and gone when removed', async ({ index }) => {
    const [one, two] = [
      sampleDocument({ title: 'One', text: 'apple pear' }),
      sampleDocument({ title: 'Two', text: 'pear' }),
    ];
    const before = await index.statistics();
    await index.put([one, two]);
    assert.deepEqual({ ...(await index.get(one.hash)) }, one);
    assert.deepEqual(await titles(index, 'pear'), ['Two', 'One']);
    const { documents, totalLength, version } = await index.statistics();
    assert.deepEqual({ documents, totalLength }, { documents: 2, totalLength: 3 + 1 + 2 + 3 + 1 + 1 });
    assert.ok(version > before.version);
    await index.remove([one.hash]);
    assert.deepEqual(await titles(index, 'apple pear'), ['Two']);
    const after = await index.statistics();
    assert.deepEqual([after.documents, after.totalLength], [1, 5]);
    assert.ok(after.version > version);
    assert.equal(await index.get(one.hash), undefined);
  });

  check('a document put again is replaced', async ({ index }) => {
    await index.put([sampleDocument({ seed: 'a', title: 'Old', text: 'apple' })]);
    await index.put([sampleDocument({ seed: 'a', title: 'New', text: 'pear' })]);
    assert.deepEqual(await titles(index, 'apple old'), []);
    assert.deepEqual(await titles(index, 'pear'), ['New']);
    const query = parseQuery('apple pear');
    assert.deepEqual((await index.search({ query, candidates: 9, snippets: 0 })).df, [0, 1]);
    const { documents, totalLength } = await index.statistics();
    assert.deepEqual([documents, totalLength], [1, 5]);
  });

  check('the same hash twice in one put: the last one stays', async ({ index }) => {
    await index.put([
      sampleDocument({ seed: 'a', title: 'Old', text: 'apple' }),
      sampleDocument({ seed: 'a', title: 'New', text: 'pear' }),
    ]);
    assert.deepEqual(await titles(index, 'apple pear old new'), ['New']);
    assert.equal((await index.statistics()).documents, 1);
  });

  check('words, phrases, exclusions and prefixes', async ({ index }) => {
    await index.put([
      sampleDocument({ title: 'A', text: 'the quick brown fox' }),
      sampleDocument({ title: 'B', text: 'the brown quick dog, quickly' }),
      sampleDocument({ title: 'C', text: 'CRÈME brûlée' }),
    ]);
    assert.deepEqual(await titles(index, '"quick brown"'), ['A']);
    assert.deepEqual(await titles(index, 'brown -fox'), ['B']);
    assert.deepEqual(await titles(index, 'brown -"quick brown"'), ['B']);
    assert.deepEqual(await titles(index, 'the quickl', true), ['B', 'A']);
    assert.deepEqual(await titles(index, 'fox qui', true), ['A']);
    assert.deepEqual(await titles(index, 'creme BRULEE'), ['C']);
    assert.deepEqual((await titles(index, 'quick brown')).sort(), ['A', 'B']);
    assert.deepEqual(await titles(index, 'brown -brown'), []);
  });

  check('phrases cross neither title and body nor the repeats of a title', async ({ index }) => {
    await index.put([sampleDocument({ title: 'york new', text: 'york city' })]);
    assert.deepEqual(await titles(index, '"new york"'), []);
    assert.deepEqual(await titles(index, '"york new"'), ['york new']);
    assert.deepEqual(await titles(index, '"york city"'), ['york new']);
  });

  check('Chinese, Japanese and Korean: runs as phrases, single characters anywhere', async ({ index }) => {
    await index.put([
      sampleDocument({ title: 'T1', text: '我住在東京都。' }),
      sampleDocument({ title: 'T2', text: '京都に東の寺' }),
      sampleDocument({ title: 'T3', text: '한국어 문서' }),
      sampleDocument({ title: '都', text: '𠀀𠀁' }),
    ]);
    assert.deepEqual(await titles(index, '東京都'), ['T1']);
    assert.deepEqual((await titles(index, '京都')).sort(), ['T1', 'T2']);
    assert.deepEqual((await titles(index, '都')).sort(), ['T1', 'T2', '都'].sort());
    assert.deepEqual(await titles(index, '寺'), ['T2']);
    assert.deepEqual(await titles(index, '국어'), ['T3']);
    assert.deepEqual(await titles(index, '𠀁'), ['都']);
  });

  check('a query with nothing to search for is refused', async ({ index }) => {
    for (const text of ['', ' … ', '-word', '"" ""'])
      await assert.rejects(index.search({ query: parseQuery(text), candidates: 9, snippets: 0 }), {
        code: 'bad_query',
      });
  });

  check('text of the query is never syntax of the engine', async ({ index }) => {
    await index.put([sampleDocument({ title: 'A', text: 'or and not near title s match' })]);
    for (const text of ['AND', 'or*', 'NEAR(a b)', 's:match', '{"query"', "a' or '1", 'NOT', '^title', '¶'])
      await index.search({ query: parseQuery(`${text} x`), candidates: 9, snippets: 0 });
    assert.deepEqual(await titles(index, 'NOT'), ['A']);
  });

  check('snippets for as many as asked, candidates no more than asked', async ({ index }) => {
    const some = Array.from({ length: 12 }, (_, i) =>
      sampleDocument({ title: `D${i}`, text: `word ${'x '.repeat(i)}` }),
    );
    await index.put(some);
    const query = parseQuery('word');
    const { candidates, matches, df } = await index.search({ query, candidates: 5, snippets: 2 });
    assert.deepEqual([candidates.length, matches, df], [5, 12, [12]]);
    assert.deepEqual(
      candidates.map(({ snippet }) => snippet?.marks),
      [[[0, 4]], [[0, 4]], undefined, undefined, undefined],
    );
    assert.deepEqual(
      candidates.map(({ title }) => title),
      ['D0', 'D1', 'D2', 'D3', 'D4'],
    );
  });

  check('lists newest first, page by page', async ({ index }) => {
    const some = Array.from({ length: 25 }, (_, i) => sampleDocument({ title: `D${i}`, modifiedAt: 1000 + (i % 5) }));
    await index.put(some);
    const wanted = some
      .toSorted((a, b) => b.modifiedAt - a.modifiedAt || (a.hash < b.hash ? -1 : 1))
      .map(({ title }) => title);
    const got: string[] = [];
    for (let after: { modifiedAt: number; hash: string } | undefined; ; ) {
      const page = await index.list({ limit: 7, after });
      got.push(...page.map(({ title }) => title));
      assert.ok(page.length <= 7 && page.every((one) => !('text' in one)));
      after = page.at(-1);
      if (page.length < 7) break;
    }
    assert.deepEqual(got, wanted);
  });

  check('large numbers, empty text, odd text and long names are kept as they are', async ({ index }) => {
    const odd = sampleDocument({
      title: `${'n'.repeat(290)} "x" <b>`,
      text: `a\r\nb\t${'長い'.repeat(5000)}𝒳 end`,
      size: Number.MAX_SAFE_INTEGER,
      modifiedAt: Number.MAX_SAFE_INTEGER,
    });
    const empty = sampleDocument({ title: 'holiday-2024.jpg', text: '', size: 0, modifiedAt: 0 });
    await index.put([odd, empty]);
    assert.deepEqual({ ...(await index.get(odd.hash)) }, odd);
    assert.deepEqual({ ...(await index.get(empty.hash)) }, empty);
    assert.deepEqual(await titles(index, 'holiday'), ['holiday-2024.jpg']);
    const lone = sampleDocument({ seed: 'lone', title: 'lone', text: 'x\ud800y\0z' });
    await index.put([lone]);
    assert.equal((await index.get(lone.hash))?.text, 'x\ufffdy z');
  });

  check('concurrent writers and readers: nothing is lost, every answer fits itself', async ({ index }) => {
    const some = Array.from({ length: 120 }, (_, i) =>
      sampleDocument({ title: `D${i}`, text: `word w${i % 10} ${'pad '.repeat(i)}` }),
    );
    const writes = some.map((one) => index.put([one]));
    const reads = Array.from({ length: 40 }, (_, i) => titles(index, `word w${i % 10}`).catch((error) => error));
    await Promise.all(writes);
    for (const read of await Promise.all(reads)) assert.ok(Array.isArray(read), String(read));
    assert.equal((await index.statistics()).documents, 120);
    await Promise.all(some.slice(0, 60).map(({ hash }) => index.remove([hash])));
    const query = parseQuery('word');
    const { documents, df, matches } = await index.search({ query, candidates: 3, snippets: 0 });
    assert.deepEqual([documents, df, matches], [60, [60], 60]);
  });

  check('what was resolved is there after a restart', async ({ index, reopen }) => {
    if (!reopen) return;
    const one = sampleDocument({ title: 'Kept', text: 'apple' });
    await index.put([one, sampleDocument({ title: 'Removed', text: 'apple' })]);
    await index.remove([hashOf('Removed apple')]);
    const before = await index.statistics();
    await index.close();
    const again = await reopen();
    try {
      assert.deepEqual(await titles(again, 'apple'), ['Kept']);
      assert.deepEqual({ ...(await again.get(one.hash)) }, one);
      assert.deepEqual(await again.statistics(), before);
    } finally {
      await again.close();
    }
  });

  check('an index that is well has no findings; one that is closed is away', async ({ index }) => {
    await index.put([sampleDocument({})]);
    const well = await index.health();
    assert.deepEqual(well.findings, []);
    assert.deepEqual(indexHealthSchema.parse(well), well);
    await index.close();
    const { engine, findings } = await index.health();
    assert.deepEqual([engine, findings.map(({ code }) => code)], [well.engine, ['index_away']]);
  });

  check('a closed index says so, and may be closed again', async ({ index }) => {
    await index.close();
    await index.close();
    const away = { code: 'index_away' };
    await assert.rejects(index.put([sampleDocument({})]), away);
    await assert.rejects(index.remove([hashOf('x')]), away);
    await assert.rejects(index.get(hashOf('x')), away);
    await assert.rejects(index.list({ limit: 1 }), away);
    await assert.rejects(index.statistics(), away);
    await assert.rejects(index.search({ query: parseQuery('x'), candidates: 1, snippets: 0 }), away);
  });
}
