import type { DocumentIndex, FileCatalogue } from '@kith/documents';
import { type Clock, type Log, listSchema, secretSetting, setting, type Values } from '@kith/service';
import { z } from 'zod';

const serverUrl = z.url({
  protocol: /^https?$/,
  error: 'accepted: URLs such as http://elasticsearch:9200 or https://user:password@host:9200, separated by commas',
});

const text = z.string().min(1).optional();

/** Where documents are indexed. */
export const documentSettings = {
  elasticsearchUrls: secretSetting(
    'KITH_ELASTICSEARCH_URL',
    listSchema(serverUrl),
    'Elasticsearch that indexes the documents; several nodes of a cluster separated by commas. Default: none, an embedded file.',
  ),
  elasticsearchUsername: setting('KITH_ELASTICSEARCH_USERNAME', text, 'User of Elasticsearch. Default: none.'),
  elasticsearchPassword: secretSetting('KITH_ELASTICSEARCH_PASSWORD', text, 'Password of that user. Default: none.'),
  elasticsearchApiKey: secretSetting(
    'KITH_ELASTICSEARCH_API_KEY',
    text,
    'API key of Elasticsearch, in place of user and password. Default: none.',
  ),
  elasticsearchCaFile: setting(
    'KITH_ELASTICSEARCH_CA_FILE',
    text,
    'PEM file of the authority that signed the certificate of Elasticsearch. Default: those of the system.',
  ),
  elasticsearchPrefix: setting(
    'KITH_ELASTICSEARCH_PREFIX',
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,40}$/, 'accepted: a–z, 0–9 and -, beginning with a letter')
      .default('kith'),
    'First part of the index names: one of its own for each node that shares a cluster. Default: kith.',
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
  const { elasticsearchUrls: urls, dataDirectory } = settings;
  if (urls.length > 0) {
    const { openElasticsearchDocuments } = await import('@kith/documents-elasticsearch');
    return openElasticsearchDocuments({
      urls,
      username: settings.elasticsearchUsername,
      password: settings.elasticsearchPassword,
      apiKey: settings.elasticsearchApiKey,
      caFile: settings.elasticsearchCaFile,
      indexPrefix: settings.elasticsearchPrefix,
      clock,
      log,
    });
  }
  const { openSqliteDocuments } = await import('@kith/embedded-sqlite');
  return openSqliteDocuments({ directory: dataDirectory, log });
}
