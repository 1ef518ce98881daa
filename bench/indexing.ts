/**
 * Indexing of 6 kB documents into the embedded index, with a search every 20 ms meanwhile, beside SQLite's FTS5 as it
 * comes (unicode61, one thread, transactions of 500) and, with KITH_TEST_ELASTICSEARCH_URL, the index on Elasticsearch.
 *   node bench/indexing.ts [documents, 6000 by default]
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DocumentIndex, type IndexedDocument, parseQuery } from '../libs/documents/src/index.ts';
import { openSqliteDocuments } from '../libs/embedded-sqlite/src/index.ts';
import { makeDocument, makeQueries } from './corpus.ts';
import { percentile, printTable } from './table.ts';

const COUNT = Number(process.argv[2] ?? 6000);
/** Documents a call, and calls at once, as the exchange makes them. */
const CALL = 50;
const AT_ONCE = 4;

const documents: IndexedDocument[] = Array.from({ length: COUNT }, (_, i) => {
  const { title, text } = makeDocument(1, i);
  const hash = createHash('sha256').update(text).digest('hex');
  return { hash, title, name: `${i}.txt`, mediaType: 'text/plain', size: text.length, modifiedAt: i, text };
});
const queries = makeQueries(500).map((text) => parseQuery(text));

interface Measured {
  readonly seconds: number;
  readonly searches: number[];
  /** 99th percentile of the main thread's delay, in milliseconds: what a pingback would have waited. */
  readonly delay: number;
}

async function measure(index: DocumentIndex, searched: boolean): Promise<Measured> {
  const searches: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let over = false;
  const searching = (async () => {
    for (let i = 0; searched && !over; i++) {
      const query = queries[i % queries.length];
      if (!query) return;
      const from = performance.now();
      await index.search({ query, candidates: 60, snippets: 20 });
      searches.push(performance.now() - from);
      await sleep(20);
    }
  })();
  delay.enable();
  const from = performance.now();
  let next = 0;
  const writer = async () => {
    while (next < documents.length) {
      const at = next;
      next += CALL;
      await index.put(documents.slice(at, at + CALL));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, writer));
  const seconds = (performance.now() - from) / 1000;
  delay.disable();
  over = true;
  await searching;
  return { seconds, searches, delay: delay.percentile(99) / 1e6 };
}

function plainFts5(directory: string): number {
  const database = new DatabaseSync(join(directory, 'plain.sqlite'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE doc (id INTEGER PRIMARY KEY, title TEXT, text TEXT);
    CREATE VIRTUAL TABLE f USING fts5(title, text, content = doc, content_rowid = id, prefix = '1 2')`);
  const add = database.prepare('INSERT INTO doc VALUES (?, ?, ?)');
  const feed = database.prepare('INSERT INTO f(rowid, title, text) VALUES (?, ?, ?)');
  const from = performance.now();
  for (let at = 0; at < documents.length; at += 500) {
    database.exec('BEGIN');
    documents.slice(at, at + 500).forEach(({ title, text }, i) => {
      add.run(BigInt(at + i), title, text);
      feed.run(BigInt(at + i), title, text);
    });
    database.exec('COMMIT');
  }
  database.close();
  return (performance.now() - from) / 1000;
}

const directory = await mkdtemp(join(tmpdir(), 'kith-bench-'));
const rows: (string | number)[][] = [];
const row = (what: string, { seconds, searches, delay }: Measured) => {
  const times = [0.5, 0.99, 1].map((share) => percentile(searches, share));
  rows.push([what, Math.round(COUNT / seconds), searches.length, ...times, delay]);
};
try {
  for (const searched of [false, true]) {
    const folder = join(directory, `${searched}`);
    const embedded = await openSqliteDocuments({ directory: folder });
    row(searched ? 'embedded, searched meanwhile' : 'embedded', await measure(embedded.index, searched));
    await embedded.close();
  }
  rows.push(['FTS5 as it comes, main thread', Math.round(COUNT / plainFts5(directory)), 0, '–', '–', '–', '–']);
  await elasticsearch();
} finally {
  await rm(directory, { recursive: true, force: true });
}
const columns = ['', 'documents a second', 'searches', 'p50 ms', 'p99 ms', 'longest ms', 'main thread late, p99 ms'];
printTable(`Indexing ${COUNT} documents of 6 kB`, columns, rows);

async function elasticsearch(): Promise<void> {
  for (const url of (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',').filter((one) => one !== '')) {
    const { openElasticsearchDocuments } = await import('../libs/documents-elasticsearch/src/index.ts');
    for (const searched of [false, true]) {
      const indexPrefix = `kith-bench-${process.pid}-${searched}`;
      const opened = await openElasticsearchDocuments({ urls: [url], indexPrefix });
      const what = `Elasticsearch at ${new URL(url).port}${searched ? ', searched meanwhile' : ''}`;
      row(what, await measure(opened.index, searched));
      await opened.close();
      const found = (await (await fetch(`${url}/${indexPrefix}-*`)).json()) as object;
      const names = Object.keys(found);
      await fetch(`${url}/${names.join(',')}`, { method: 'DELETE' });
    }
  }
}
