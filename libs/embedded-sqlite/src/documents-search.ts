import type { DatabaseSync } from 'node:sqlite';
import {
  answerOf,
  type Collection,
  type Counts,
  createScorer,
  type Hit,
  type IndexSearch,
  isHit,
  type Query,
  rankHits,
  requireClauses,
} from '@kith/documents';
import type { DocumentSummary, PeerSearchAnswer } from '@kith/wire';
import { createClauseReader, matchOf } from './documents-clauses.ts';
import { commonCandidates } from './documents-common-words.ts';
import { createDocumentReader, summaryOfRow } from './documents-reader.ts';

/** Above this many postings a search no longer looks at every match (search.md section 5). */
export const POSTINGS_MAX = 50_000;

/** A hit before its hash is known. */
interface Found extends Counts {
  readonly id: number;
}
type Ranked = Hit & Found;

/**
 * Searches of documents.sqlite, synchronous. Every match is scored exactly, except where the clauses have more than
 * `postingsMax` postings together: then candidates come from the rarer clauses, or from the newest documents.
 */
export function createDocumentsSearch(database: DatabaseSync, { postingsMax = POSTINGS_MAX } = {}) {
  const reader = createDocumentReader(database);
  const clauses = createClauseReader(database);
  const summaryById = database.prepare(
    'SELECT id, hash, title, name, media_type, size, modified_at, length FROM doc WHERE id = ?',
  );
  const textById = database.prepare('SELECT text FROM doc_text WHERE id = ?');
  const common = commonCandidates(database, clauses);

  return function search({ query, candidates, snippets }: IndexSearch): PeerSearchAnswer {
    requireClauses(query);
    database.exec('BEGIN');
    try {
      const { documents, totalLength, version } = reader.statistics();
      clauses.at(version);
      const df = query.clauses.map((clause) => clauses.documentFrequency(clause));
      const collection = { documents, totalLength, df };
      const sum = df.reduce((all, count) => all + count, 0);
      const { hits, matches } =
        sum <= postingsMax ? everyHit(query, collection) : common(query, collection, candidates, postingsMax);
      const best = rankHits(collection, withHashes(collection, hits, candidates), candidates);
      const found = best.flatMap((hit, i) => {
        const document = summaryOf(hit.id);
        return document
          ? [{ counts: hit, document: i < snippets ? { ...document, text: textOf(hit.id) } : document }]
          : [];
      });
      return answerOf(query, { ...collection, matches }, found, snippets);
    } finally {
      database.exec('COMMIT');
    }
  };

  function everyHit(query: Query, { df }: Collection): { hits: Found[]; matches: number } {
    const counted = new Map<number, { id: number; tf: number[]; length: number }>();
    query.clauses.forEach((clause, i) => {
      const { ids, tf, lengths } = clauses.postingsOf(clause, df[i] ?? 0);
      for (let at = 0; at < ids.length; at++) {
        const id = ids[at] ?? 0;
        let hit = counted.get(id);
        if (!hit) {
          hit = { id, tf: query.clauses.map(() => 0), length: lengths[at] ?? 0 };
          counted.set(id, hit);
        }
        hit.tf[i] = tf[at] ?? 0;
      }
    });
    for (const clause of query.excluded) for (const id of clauses.idsOf(matchOf(clause))) counted.delete(id);
    const hits = [...counted.values()].filter(({ tf }) => isHit(query, tf, false));
    return { hits, matches: hits.length };
  }

  /** The hits that may be among the best, with their hashes, which decide between equal scores. */
  function withHashes(collection: Collection, hits: readonly Found[], limit: number): Ranked[] {
    const score = createScorer(collection);
    const keys = Float64Array.from(hits, (hit) => {
      const { complete, points } = score(hit);
      return complete ? points + COMPLETE : points;
    });
    const least = keys.toSorted().at(-Math.min(limit, keys.length)) ?? 0;
    return hits
      .filter((_, i) => (keys[i] ?? 0) >= least)
      .flatMap((hit) => {
        const row = summaryById.get(BigInt(hit.id));
        return row ? [{ ...hit, hash: String(row.hash) }] : [];
      });
  }

  function summaryOf(id: number): DocumentSummary | undefined {
    const row = summaryById.get(BigInt(id));
    return row && summaryOfRow(row);
  }

  function textOf(id: number): string {
    return String(textById.get(BigInt(id))?.text ?? '');
  }
}

/** More than any score's points. */
const COMPLETE = 1e12;
