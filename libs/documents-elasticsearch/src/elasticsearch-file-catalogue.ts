import { createHash } from 'node:crypto';
import type { Client, estypes } from '@elastic/elasticsearch';
import type { FileCatalogue, SharedFile, SharedFolder } from '@kith/documents';
import type { Change, createBulkWriter } from './bulk-writer.ts';
import { createGathering } from './gathering.ts';
import type { IndexPlaces } from './versioned-index.ts';

interface Source extends Omit<SharedFile, 'path'> {
  readonly kind: 'file' | 'folder';
  readonly id?: string;
  readonly path: string;
  readonly pathKey: string;
}
/** index.max_result_window */
const PAGE_MAX = 10_000;

const pathKey = (path: string) => Buffer.from(path, 'utf16le').swap16().toString('hex');
const pathOf = (key: string) => Buffer.from(key, 'hex').swap16().toString('utf16le');
const fileId = (source: string, path: string) =>
  createHash('sha256')
    .update(JSON.stringify([source, pathKey(path)]))
    .digest('hex');
const folderId = (id: string) => `folder-${createHash('sha256').update(id).digest('hex')}`;
const files: estypes.QueryDslQueryContainer = { term: { kind: 'file' } };

/** FileCatalogue over one alias; `guard` as for the documents. */
export function createElasticsearchFileCatalogue(options: {
  client: Client;
  writer: ReturnType<typeof createBulkWriter>;
  places: () => Promise<IndexPlaces>;
  guard: <T>(body: () => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
}): FileCatalogue {
  const { client, writer, places, guard, close } = options;

  async function find(request: {
    filter: estypes.QueryDslQueryContainer[];
    sort: estypes.SortCombinations[];
    size?: number;
    search_after?: estypes.SortResults;
  }): Promise<Source[]> {
    const { read } = await places();
    const { filter, size = PAGE_MAX, ...rest } = request;
    const { hits } = await client.search<Source>({
      index: read,
      query: { bool: { filter } },
      size: Math.min(size, PAGE_MAX),
      track_total_hits: false,
      allow_partial_search_results: false,
      ...rest,
    });
    return hits.hits.flatMap(({ _source }) => (_source ? [_source] : []));
  }
  const findFiles = (request: Parameters<typeof find>[0]) =>
    guard(async () => (await find({ ...request, filter: [files, ...request.filter] })).map(fileOf));

  // Every write is visible before it is told to be done: a search sees what a get would.
  const fileById = createGathering(async (ids) => {
    const found = await find({ filter: [{ ids: { values: [...ids] } }], sort: ['_doc'], size: ids.length });
    return new Map(found.map(fileOf).map((file) => [fileId(file.source, file.path), file]));
  });
  const holding = (hashes: readonly string[]) =>
    find({ filter: [files, { terms: { hash: [...hashes] } }], sort: ['source', 'pathKey'] });
  const filesByHash = createGathering(async (hashes) => {
    const all = await holding(hashes);
    const isWhole = all.length < PAGE_MAX || hashes.length === 1;
    const found = isWhole ? all : (await Promise.all(hashes.map((hash) => holding([hash])))).flat();
    return Map.groupBy(found.map(fileOf), ({ hash = '' }) => hash);
  });

  return {
    putFiles: (some) => guard(() => writer.write(some.map(putChange))),
    removeFiles: (keys) =>
      guard(() => writer.write(keys.map(({ source, path }) => ({ id: fileId(source, path), weight: 100 })))),
    getFile: (source, path) => guard(() => fileById(fileId(source, path))),
    filesOf: (source, { limit, after }) =>
      findFiles({
        filter: [{ term: { source } }],
        sort: [{ pathKey: { order: 'asc' } }],
        size: limit,
        ...(after === undefined ? {} : { search_after: [pathKey(after)] }),
      }),
    filesWith: (hash) => guard(async () => (await filesByHash(hash)) ?? []),
    failures: (limit) =>
      findFiles({
        filter: [{ term: { state: 'failed' } }],
        sort: [{ addedAt: { order: 'desc' } }, 'source', 'pathKey'],
        size: limit,
      }),
    countBySource: () =>
      guard(async () => {
        const { read } = await places();
        type Bucket = { key: string; doc_count: number; failed: { doc_count: number } };
        const { aggregations } = await client.search<Source, { sources: { buckets: Bucket[] } }>({
          index: read,
          size: 0,
          query: files,
          allow_partial_search_results: false,
          aggs: {
            sources: {
              terms: { field: 'source', size: PAGE_MAX },
              aggs: { failed: { filter: { term: { state: 'failed' } } } },
            },
          },
        });
        const buckets = aggregations?.sources.buckets ?? [];
        return Object.fromEntries(
          buckets.map(({ key, doc_count, failed }) => [key, { files: doc_count, failed: failed.doc_count }]),
        );
      }),
    putFolder: ({ id, path, addedAt, problem }) =>
      guard(() => {
        const source = { kind: 'folder', id, path, addedAt, ...(problem === undefined ? {} : { problem }) };
        return writer.write([{ id: folderId(id), source, weight: 500 }]);
      }),
    removeFolder: (id) => guard(() => writer.write([{ id: folderId(id), weight: 100 }])),
    listFolders: () =>
      guard(async () =>
        (await find({ filter: [{ term: { kind: 'folder' } }], sort: ['addedAt', 'id'] })).map(folderOf),
      ),
    close,
  };
}

function putChange({ source, path, size, modifiedMs, hash, addedAt, state, problem }: SharedFile): Change {
  const kept = {
    kind: 'file',
    source,
    pathKey: pathKey(path),
    path: path.toWellFormed(),
    size,
    modifiedMs,
    addedAt,
    state,
  };
  const more = {
    ...(hash === undefined ? {} : { hash }),
    ...(problem === undefined ? {} : { problem: problem.toWellFormed() }),
  };
  return { id: fileId(source, path), source: { ...kept, ...more }, weight: 500 + 4 * path.length };
}

function fileOf({ source, pathKey: key, size, modifiedMs, hash, addedAt, state, problem }: Source): SharedFile {
  const file = { source, path: pathOf(key), size, modifiedMs, addedAt, state };
  return { ...file, ...(hash === undefined ? {} : { hash }), ...(problem === undefined ? {} : { problem }) };
}

function folderOf({ id = '', path, addedAt, problem }: Source): SharedFolder {
  return problem === undefined ? { id, path, addedAt } : { id, path, addedAt, problem };
}
