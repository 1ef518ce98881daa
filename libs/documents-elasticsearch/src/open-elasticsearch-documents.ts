import { setTimeout } from 'node:timers/promises';
import { type DocumentIndex, type FileCatalogue, IndexAwayError, type IndexedDocument } from '@kith/documents';
import { createBulkWriter } from './bulk-writer.ts';
import { createClient, type ElasticsearchAccess } from './create-client.ts';
import { createElasticsearchDocumentIndex, indexedSource } from './elasticsearch-document-index.ts';
import { elasticsearchError, isStatus } from './elasticsearch-errors.ts';
import { createElasticsearchFileCatalogue } from './elasticsearch-file-catalogue.ts';
import { createElasticsearchIndexHealth } from './elasticsearch-index-health.ts';
import { documentsPlan, filesPlan, type IndexPlan } from './mappings.ts';
import { createReachability } from './reachability.ts';
import { createVersionedIndex, type IndexPlaces } from './versioned-index.ts';

export interface ElasticsearchOptions extends ElasticsearchAccess {
  /** First part of the names of all indexes; nodes that share a cluster need one each. Default `kith`. */
  readonly indexPrefix?: string | undefined;
  readonly clock?: { sleep(ms: number): Promise<void> } | undefined;
  readonly log?:
    | { info(fields: object, message: string): void; warn(fields: object, message: string): void }
    | undefined;
}

export interface ElasticsearchDocuments {
  readonly index: DocumentIndex;
  readonly files: FileCatalogue;
  /** Resolves when no older version of an index is being replaced. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const PING_MS = 2_000;
/** While the indexes could not be looked at, calls try again no sooner than this. */
const PAUSE_MS = 500;
const CLOSED = 'The document index is closed.';

const documents = documentsPlan((source) => ({ ...indexedSource(source as unknown as IndexedDocument) }));

/**
 * Documents and files on Elasticsearch 8 or 9. Opens where the server is away too: every call then rejects with
 * `index_away` until it is there, and the indexes are made by the first one that finds it. `plans` is for tests.
 */
export async function openElasticsearchDocuments(
  options: ElasticsearchOptions,
  plans: { documents: IndexPlan; files: IndexPlan } = { documents, files: filesPlan },
): Promise<ElasticsearchDocuments> {
  const { clock, log, indexPrefix = 'kith' } = options;
  const client = createClient(options);
  const reached = createReachability(() => client.cluster.health({}, { requestTimeout: PING_MS }));
  const sleep = (ms: number) => clock?.sleep(ms) ?? setTimeout(ms, undefined, { ref: false });
  const open = new Set(['index', 'files']);
  const fillings = new Set<Promise<void>>();

  function half(plan: IndexPlan) {
    const versioned = createVersionedIndex(client, indexPrefix, plan);
    let known: Promise<IndexPlaces> | undefined;
    const places = (): Promise<IndexPlaces> => {
      known ??= versioned.ensure().then(
        (found) => {
          if (found.write.length > 1) replace(found.read);
          return found;
        },
        async (error) => {
          await sleep(PAUSE_MS);
          known = undefined;
          throw error;
        },
      );
      return known;
    };
    const forget = () => {
      known = undefined;
    };
    const writer = createBulkWriter({ client, targets: async () => (await places()).write, forget, sleep });

    /** Fills the new version in the background, then reads from it. A failure is tried again at the next start. */
    function replace(old: string): void {
      log?.info(
        { index: old, version: plan.version },
        'an index of an older version is being replaced; it serves meanwhile',
      );
      const filling = versioned
        .fill(old, async (body) => {
          await writer.pause(async () => {
            await body();
            known = undefined;
          });
        })
        .catch((error) =>
          log?.warn({ err: error, index: old }, 'replacing the index failed; the old one goes on serving'),
        )
        .finally(() => fillings.delete(filling));
      fillings.add(filling);
    }
    return { alias: versioned.alias, places, writer, forget };
  }

  const parts = { index: half(plans.documents), files: half(plans.files) };
  const guardOf =
    (name: 'index' | 'files') =>
    async <T>(body: () => Promise<T>): Promise<T> => {
      if (!open.has(name)) throw new IndexAwayError(CLOSED);
      try {
        return await reached(body);
      } catch (error) {
        // Another service has replaced the index: the next call looks where it is now.
        if (isStatus(error, 404)) parts[name].forget();
        throw elasticsearchError(error);
      }
    };
  const closeOf = (name: 'index' | 'files') => async () => {
    if (!open.delete(name)) return;
    await parts[name].writer.idle();
    if (open.size > 0) return;
    await Promise.all(fillings);
    await client.close();
  };

  const healthOf = createElasticsearchIndexHealth({ client, aliases: [parts.index.alias, parts.files.alias] });
  const index = createElasticsearchDocumentIndex({
    client,
    ...parts.index,
    guard: guardOf('index'),
    health: async () =>
      open.has('index') ? healthOf() : { engine: 'elasticsearch', findings: [{ code: 'index_away', message: CLOSED }] },
    close: closeOf('index'),
  });
  const files = createElasticsearchFileCatalogue({
    client,
    ...parts.files,
    guard: guardOf('files'),
    close: closeOf('files'),
  });
  await Promise.all([parts.index.places(), parts.files.places()]).catch((error) => {
    const known = elasticsearchError(error);
    if (!(known instanceof IndexAwayError)) throw known;
    log?.warn({ err: known }, 'Elasticsearch is away: documents are neither found nor indexed until it is there');
  });
  return {
    index,
    files,
    settled: async () => {
      while (fillings.size > 0) await Promise.all(fillings);
    },
    close: async () => {
      await Promise.all([index.close(), files.close()]);
    },
  };
}
