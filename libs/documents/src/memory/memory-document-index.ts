import type { DocumentHash, DocumentSummary } from '@kith/wire';
import type { DocumentIndex, IndexedDocument } from '../document-index.ts';
import { IndexAwayError } from '../errors.ts';
import { clauseFrequency, isHit } from '../search/count-matches.ts';
import { answerOf, rankHits, requireClauses } from '../search/rank-hits.ts';
import { type DocumentTokens, documentTokens, lengthOf } from '../words/stream.ts';
import { summaryOf, wellFormed } from './well-formed.ts';

/** The index in memory: the plainest form of the contract, by which the others are measured. Looks at every document. */
export function createMemoryDocumentIndex(): DocumentIndex {
  const kept = new Map<DocumentHash, { document: IndexedDocument; tokens: DocumentTokens; length: number }>();
  let version = 0;
  let closed = false;
  const open = () => {
    if (closed) throw new IndexAwayError('The index is closed.');
  };

  return {
    async put(documents) {
      open();
      for (const given of documents) {
        const document = wellFormed(given);
        const tokens = documentTokens(document);
        kept.set(document.hash, { document, tokens, length: lengthOf(tokens) });
      }
      if (documents.length > 0) version++;
    },
    async remove(hashes) {
      open();
      const removed = hashes.filter((hash) => kept.delete(hash));
      if (removed.length > 0) version++;
    },
    async get(hash) {
      open();
      const found = kept.get(hash);
      return found && { ...found.document };
    },
    async list({ limit, after }) {
      open();
      const all = [...kept.values()].map(({ document }) => summaryOf(document)).sort(compareNewest);
      return all.filter((one) => !after || compareNewest(one, after) > 0).slice(0, limit);
    },
    async statistics() {
      open();
      return { documents: kept.size, totalLength: total(), version };
    },
    async search({ query, candidates, snippets }) {
      open();
      requireClauses(query);
      const df = query.clauses.map(() => 0);
      const hits: { hash: DocumentHash; tf: number[]; length: number }[] = [];
      for (const [hash, { tokens, length }] of kept) {
        const tf = query.clauses.map((clause) => clauseFrequency(clause, tokens));
        tf.forEach((count, i) => {
          if (count > 0) df[i] = (df[i] ?? 0) + 1;
        });
        const excluded = query.excluded.some((clause) => clauseFrequency(clause, tokens) > 0);
        if (isHit(query, tf, excluded)) hits.push({ hash, tf, length });
      }
      const collection = { documents: kept.size, totalLength: total(), df, matches: hits.length };
      const best = rankHits(collection, hits, candidates).flatMap((counts) => {
        const found = kept.get(counts.hash);
        return found ? [{ counts, document: found.document }] : [];
      });
      return answerOf(query, collection, best, snippets);
    },
    async health() {
      const away = { code: 'index_away' as const, message: 'The index is closed.' };
      return { engine: 'memory', findings: closed ? [away] : [] };
    },
    async close() {
      closed = true;
    },
  };

  function total(): number {
    let sum = 0;
    for (const { length } of kept.values()) sum += length;
    return sum;
  }
}

type Place = Pick<DocumentSummary, 'modifiedAt' | 'hash'>;
const compareNewest = (a: Place, b: Place) =>
  b.modifiedAt - a.modifiedAt || (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);
