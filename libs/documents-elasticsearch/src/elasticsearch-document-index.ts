import type { Client } from '@elastic/elasticsearch';
import {
  answerOf,
  clauseFrequency,
  type DocumentIndex,
  documentStream,
  documentTokens,
  type IndexedDocument,
  isHit,
  lengthOf,
  type NewDocument,
  rankHits,
  requireClauses,
  summaryOf,
  wellFormed,
} from '@kith/documents';
import type { DocumentHash } from '@kith/wire';
import type { Change, createBulkWriter } from './bulk-writer.ts';
import { isStatus } from './elasticsearch-errors.ts';
import { createFindCandidates, totalOf } from './find-candidates.ts';
import { changesOf, type IndexPlaces } from './versioned-index.ts';

/** index.max_result_window */
const PAGE_MAX = 10_000;

/** A document as it is sent: its fields, its stream and its length. */
export function indexedSource(given: NewDocument): IndexedDocument & { s: string; len: number } {
  const document = wellFormed(given);
  const { stream, length } = documentStream(document);
  return { ...document, s: stream, len: length };
}

/** DocumentIndex over one alias. `guard` refuses calls after the end and turns failures into the port's errors. */
export function createElasticsearchDocumentIndex(options: {
  client: Client;
  writer: ReturnType<typeof createBulkWriter>;
  places: () => Promise<IndexPlaces>;
  guard: <T>(body: () => Promise<T>) => Promise<T>;
  health: DocumentIndex['health'];
  close: () => Promise<void>;
}): DocumentIndex {
  const { client, writer, places, guard, health, close } = options;
  const findCandidates = createFindCandidates(client);

  async function get(hash: DocumentHash): Promise<IndexedDocument | undefined> {
    const { read } = await places();
    try {
      const { _source } = await client.get<IndexedDocument>({ index: read, id: hash });
      return _source && { ...summaryOf(_source), text: _source.text };
    } catch (error) {
      if (isStatus(error, 404) && !isStatus(error, 404, 'index_not_found_exception')) return undefined;
      throw error;
    }
  }

  return {
    put: (documents) =>
      guard(() =>
        writer.write(
          documents.map((document): Change => {
            const weight = 500 + 2 * document.text.length;
            return { id: document.hash, source: indexedSource(document), weight };
          }),
        ),
      ),
    remove: (hashes) => guard(() => writer.write(hashes.map((id) => ({ id, weight: 100 })))),
    get: (hash) => guard(() => get(hash)),

    list: ({ limit, after }) =>
      guard(async () => {
        const { read } = await places();
        const { hits } = await client.search<IndexedDocument>({
          index: read,
          size: Math.min(limit, PAGE_MAX),
          sort: [{ modifiedAt: { order: 'desc' } }, { hash: { order: 'asc' } }],
          ...(after ? { search_after: [after.modifiedAt, after.hash] } : {}),
          _source_excludes: ['text'],
          track_total_hits: false,
          allow_partial_search_results: false,
        });
        return hits.hits.flatMap(({ _source }) => (_source ? [summaryOf(_source)] : []));
      }),

    statistics: () =>
      guard(async () => {
        const { read, versionBase } = await places();
        const version = versionBase + (await changesOf(client, read));
        const { hits, aggregations } = await client.search<IndexedDocument, { length: { value: number } }>({
          index: read,
          size: 0,
          track_total_hits: true,
          allow_partial_search_results: false,
          aggs: { length: { sum: { field: 'len' } } },
        });
        return { documents: totalOf(hits.total), totalLength: aggregations?.length.value ?? 0, version };
      }),

    search: ({ query, candidates, snippets }) =>
      guard(async () => {
        requireClauses(query);
        const { read } = await places();
        const found = await findCandidates(read, query, candidates);
        const all = found.aggregations?.all;
        const df = all?.df.buckets.map(({ doc_count }) => doc_count) ?? [];
        const collection = { documents: all?.doc_count ?? 0, totalLength: all?.length.value ?? 0, df };
        const hits = found.hits.hits.flatMap(({ _source: document }) => {
          if (!document) return [];
          const tokens = documentTokens(document);
          const tf = query.clauses.map((clause) => clauseFrequency(clause, tokens));
          return isHit(query, tf, false) ? [{ hash: document.hash, document, tf, length: lengthOf(tokens) }] : [];
        });
        const best = rankHits(collection, hits, candidates).map((hit) => ({ counts: hit, document: hit.document }));
        return answerOf(query, { ...collection, matches: totalOf(found.hits.total) }, best, snippets);
      }),
    health,
    close,
  };
}
