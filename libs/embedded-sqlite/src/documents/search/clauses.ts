import type { DatabaseSync } from 'node:sqlite';
import type { Clause } from '@kith/documents';

/** Documents that hold a clause, in order of id: for each its id, how often it holds the clause, and its length. */
export interface Postings {
  readonly ids: Float64Array;
  readonly tf: Uint32Array;
  readonly lengths: Uint32Array;
}

/** Postings kept between searches, in entries; 16 bytes each. */
const CACHE_MAX = 500_000;
// fts5_aux.c: bm25() is fixed to these
const K1 = 1.2;
const B = 0.75;
const IDF_MIN = 1e-6;

/** The clause in FTS5's language. Tokens hold neither quotes nor white space. */
export function matchOf({ kind, tokens, cjkCharacter }: Clause): string {
  const phrase = `"${tokens.join(' ')}"`;
  return kind === 'prefix' || cjkCharacter ? `${phrase} *` : phrase;
}

/**
 * What the index says about single clauses. FTS5 tells no term frequencies, but bm25() of one clause is a function of tf
 * that can be solved for it: score = idf · tf · 2.2 / (tf + k), with idf and k from FTS5's own totals. So every match has
 * its exact tf without its text being read again, and candidates are those of the memory index, not an estimate.
 */
export function createClauseReader(database: DatabaseSync) {
  const count = database.prepare('SELECT count(*) AS n FROM f WHERE f MATCH ?');
  const postings = database.prepare(
    `SELECT f.rowid, bm25(f), doc.length, doc.stream_size FROM f CROSS JOIN doc ON doc.id = f.rowid
     WHERE f MATCH ?`,
  );
  postings.setReturnArrays(true);
  const ids = database.prepare('SELECT rowid FROM f WHERE f MATCH ?');
  ids.setReturnArrays(true);
  const averages = database.prepare('SELECT block FROM f_data WHERE id = 1');
  const cache = new Map<string, Postings>();
  let cached = 0;
  let cachedVersion = -1;

  /** FTS5's own counts: it never takes deleted documents out of them, so that they are not those of `stat`. */
  function totals(): { rows: number; tokens: number } {
    const block = averages.get()?.block;
    if (!(block instanceof Uint8Array)) return { rows: 0, tokens: 0 };
    const [rows, next] = varint(block, 0);
    return { rows, tokens: varint(block, next)[0] };
  }

  function read(match: string, df: number): Postings {
    const { rows, tokens } = totals();
    const idf = Math.max(Math.log((rows - df + 0.5) / (df + 0.5)), 0) || IDF_MIN;
    const all = postings.all(match) as unknown as [number, number, number, number][];
    const found = {
      ids: new Float64Array(all.length),
      tf: new Uint32Array(all.length),
      lengths: new Uint32Array(all.length),
    };
    all.forEach(([id, score, length, streamSize], i) => {
      const saturation = -score / (idf * (K1 + 1));
      const damping = K1 * (1 - B + (B * streamSize * rows) / tokens);
      found.ids[i] = id;
      found.tf[i] = Math.max(1, Math.round((saturation * damping) / (1 - saturation)));
      found.lengths[i] = length;
    });
    return found;
  }

  return {
    /** Documents that hold a clause. */
    documentFrequency(clause: Clause): number {
      return cache.get(matchOf(clause))?.ids.length ?? this.countOf(matchOf(clause));
    },
    countOf: (match: string): number => Number(count.get(match)?.n ?? 0),
    /** Ids of the documents that match an expression. */
    idsOf: (match: string): number[] => (ids.all(match) as unknown as [number][]).map(([id]) => id),
    /** Drops what is kept from another state of the index. */
    at(version: number): void {
      if (version === cachedVersion) return;
      cache.clear();
      cached = 0;
      cachedVersion = version;
    },
    postingsOf(clause: Clause, df: number): Postings {
      const match = matchOf(clause);
      const known = cache.get(match);
      if (known) return known;
      const found = read(match, df);
      if (cached + found.ids.length > CACHE_MAX) {
        cache.clear();
        cached = 0;
      }
      if (found.ids.length <= CACHE_MAX) {
        cache.set(match, found);
        cached += found.ids.length;
      }
      return found;
    },
  };
}

/** SQLite's big-endian variable-length integers, for values below 2^53. */
function varint(bytes: Uint8Array, from: number): [value: number, next: number] {
  let value = 0;
  let at = from;
  for (; at < from + 8; at++) {
    const byte = bytes[at] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + 1];
  }
  return [value * 256 + (bytes[at] ?? 0), at + 1];
}
