import type { DatabaseSync } from 'node:sqlite';
import {
  answerOf,
  type Collection,
  type Hit,
  type IndexSearch,
  type Query,
  rankHits,
  requireClauses,
} from '@kith/documents';
import type { DocumentSummary, PeerSearchAnswer } from '@kith/wire';
import { createDocumentReader, summaryOfRow } from '../reader.ts';
import { createClauseReader, matchOf } from './clauses.ts';
import { commonCandidates } from './common-words.ts';
import { bestHits, type Found } from './hits.ts';

/** Above this many postings a search no longer looks at every match (search.md section 5). */
export const POSTINGS_MAX = 50_000;

type Ranked = Hit & Found;

/** A posting of a prefix holds those of many words. */
const PREFIX_COST = 4;

/**
 * Searches of documents.sqlite, synchronous. Every match is scored exactly, except where the clauses have more than
 * `postingsMax` postings together: then candidates come from the rarer clauses, or from the newest documents.
 */
export function createDocumentsSearch(database: DatabaseSync, { postingsMax = POSTINGS_MAX } = {}) {
  const reader = createDocumentReader(database);
  const clauses = createClauseReader(database);
  const summaryById = database.prepare('SELECT hash, title, name, media_type, size, modified_at FROM doc WHERE id = ?');
  const hashById = database.prepare('SELECT hash FROM doc WHERE id = ?');
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
      const costs = query.clauses.map(({ kind }, i) => (df[i] ?? 0) * (kind === 'prefix' ? PREFIX_COST : 1));
      const sum = costs.reduce((all, cost) => all + cost, 0);
      const { hits, matches } =
        sum <= postingsMax
          ? everyHit(query, collection, candidates)
          : common(query, collection, { costs, wanted: candidates, postingsMax });
      const best = rankHits(collection, hits.flatMap(withHash), candidates);
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

  function everyHit(query: Query, collection: Collection, limit: number): { hits: Found[]; matches: number } {
    const postings = query.clauses.map((clause, i) => clauses.postingsOf(clause, collection.df[i] ?? 0));
    const excluded = new Set(query.excluded.flatMap((clause) => clauses.idsOf(matchOf(clause))));
    return bestHits(query, collection, postings, excluded, limit);
  }

  /** The hash decides between equal scores. */
  function withHash(hit: Found): Ranked[] {
    const row = hashById.get(BigInt(hit.id));
    return row ? [{ ...hit, hash: String(row.hash) }] : [];
  }

  function summaryOf(id: number): DocumentSummary | undefined {
    const row = summaryById.get(BigInt(id));
    return row && summaryOfRow(row);
  }

  function textOf(id: number): string {
    return String(textById.get(BigInt(id))?.text ?? '');
  }
}
