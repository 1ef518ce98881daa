import type { DocumentIndex, FileCatalogue } from '@kith/documents';
import { type Clock, type Log, listSchema, setting, type Values } from '@kith/service';
import { z } from 'zod';

const serverUrl = z.url({
  protocol: /^https?$/,
  error: 'accepted: URLs such as http://elasticsearch:9200 or https://user:password@host:9200, separated by commas',
});

/** Where documents are indexed. */
export const documentSettings = {
  elasticsearchUrls: setting(
    'KITH_ELASTICSEARCH_URL',
    listSchema(serverUrl),
    'Elasticsearch that indexes the documents; several nodes of a cluster separated by commas. Default: none, an embedded file.',
  ),
  elasticsearchPrefix: setting(
    'KITH_ELASTICSEARCH_PREFIX',
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,40}$/, 'accepted: a–z, 0–9 and -, beginning with a letter')
      .default('kith'),
    'First part of the index names, so that several nodes may share one cluster. Default: kith.',
  ),
} as const;
export type DocumentSettings = Values<typeof documentSettings>;

export interface Documents {
  readonly index: DocumentIndex;
  readonly files: FileCatalogue;
  close(): Promise<void>;
}

/** Opens the index and the file catalogue that the settings choose; only that adapter is loaded. */
export async function openDocuments(
  settings: DocumentSettings & { dataDirectory: string },
  { log, clock }: { log: Log; clock: Clock },
): Promise<Documents> {
  const { elasticsearchUrls, elasticsearchPrefix, dataDirectory } = settings;
  if (elasticsearchUrls.length > 0) {
    const { openElasticsearchDocuments } = await import('@kith/documents-elasticsearch');
    return openElasticsearchDocuments({ urls: elasticsearchUrls, prefix: elasticsearchPrefix, log, clock });
  }
  const { openSqliteDocuments } = await import('@kith/embedded-sqlite');
  return openSqliteDocuments({ directory: dataDirectory, log });
}
