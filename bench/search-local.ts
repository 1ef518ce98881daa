/**
 * One node's search of its own documents in the embedded index: common words, ordinary queries, typing; the first time
 * and again. Beside it FTS5's own bm25() order for the same words.
 *   node bench/search-local.ts [documents, 2000 by default]
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DocumentIndex, type IndexedDocument, parseQuery } from '../libs/documents/src/index.ts';
import { openSqliteDocuments } from '../libs/embedded-sqlite/src/index.ts';
import { makeDocument, makeQueries } from './corpus.ts';
import { percentile, printTable } from './table.ts';

const COUNT = Number(process.argv[2] ?? 2000);
const documents: IndexedDocument[] = Array.from({ length: COUNT }, (_, i) => {
  const { title, text } = makeDocument(1, i);
  const hash = createHash('sha256').update(text).digest('hex');
  return { hash, title, name: `${i}.txt`, mediaType: 'text/plain', size: text.length, modifiedAt: i, text };
});

/** Words by the number of documents that hold them. */
const held = new Map<string, number>();
for (const { text } of documents.slice(0, 500))
  for (const word of new Set(text.replaceAll('.', '').split(' '))) held.set(word, (held.get(word) ?? 0) + 1);
const byCount = [...held].sort((a, b) => b[1] - a[1]).map(([word]) => word);
const common = Array.from({ length: 60 }, (_, i) => [0, 1, 2].map((k) => byCount[(i * 3 + k) % 180]).join(' '));
const ordinary = makeQueries(200);
const typing = ordinary.map((text) => text.slice(0, Math.max(3, text.length - 2)));

async function time(index: DocumentIndex, texts: readonly string[], prefix = false): Promise<number[]> {
  const times: number[] = [];
  for (const text of texts) {
    const query = parseQuery(text, { prefix });
    const from = performance.now();
    await index.search({ query, candidates: 60, snippets: 20 });
    times.push(performance.now() - from);
  }
  return times;
}

const directory = await mkdtemp(join(tmpdir(), 'kith-bench-'));
const rows: (string | number)[][] = [];
const row = (what: string, times: number[]) =>
  rows.push([what, times.length, ...[0.5, 0.9, 0.99, 1].map((share) => percentile(times, share))]);
try {
  const { index, close } = await openSqliteDocuments({ directory });
  for (let at = 0; at < COUNT; at += 100) await index.put(documents.slice(at, at + 100));
  await time(index, ordinary.slice(0, 30));
  row('three of the commonest words, first time', await time(index, common));
  row('the same again', await time(index, common));
  row('one to three words', await time(index, ordinary));
  row('the same while typing', await time(index, typing, true));
  await close();
  const database = new DatabaseSync(join(directory, 'documents.sqlite'), { readOnly: true });
  const plain = database.prepare('SELECT rowid, bm25(f) FROM f WHERE f MATCH ? ORDER BY rank LIMIT 60');
  const alone = [...common].map((text) => {
    const from = performance.now();
    plain.all(
      parseQuery(text)
        .clauses.map(({ tokens }) => `"${tokens.join(' ')}"`)
        .join(' OR '),
    );
    return performance.now() - from;
  });
  row('bm25() alone: the commonest words, no counts, no snippets', alone);
  database.close();
} finally {
  await rm(directory, { recursive: true, force: true });
}
printTable(`Search of ${COUNT} documents of 6 kB`, ['', 'searches', 'p50 ms', 'p90 ms', 'p99 ms', 'longest ms'], rows);
