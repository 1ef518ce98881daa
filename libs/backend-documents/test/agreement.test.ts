import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentsAgree, type OpenedIndex } from '@kith/documents/compliance';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { skipUnless } from '@kith/testing';
import { documentSettings, openDocuments } from '../src/index.ts';

const urls = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',').filter((url) => url !== '');
const skip = skipUnless(urls.length > 0, 'needs Elasticsearch: KITH_TEST_ELASTICSEARCH_URL');

async function openWith(env: Record<string, string>, tidy: () => unknown): Promise<OpenedIndex> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'kith-agreement-'));
  const settings = { ...readSettings(documentSettings, env), dataDirectory };
  const documents = await openDocuments(settings, { log: silentLog, clock: systemClock });
  const dispose = async () => {
    await documents.close();
    await tidy();
    rmSync(dataDirectory, { recursive: true });
  };
  return { index: documents.index, dispose };
}

async function openElasticsearch(url: string): Promise<OpenedIndex> {
  const prefix = `kith-agree-${randomBytes(5).toString('hex')}`;
  const env = { KITH_ELASTICSEARCH_URL: url, KITH_ELASTICSEARCH_PREFIX: prefix };
  // By name: the server refuses to delete by pattern.
  return openWith(env, async () => {
    const found = await fetch(`${url}/${prefix}-*`);
    await fetch(`${url}/${Object.keys((await found.json()) as object).join(',')}`, { method: 'DELETE' });
  });
}

documentsAgree(
  'embedded file and every Elasticsearch side by side',
  async () => {
    const opened: Record<string, OpenedIndex> = { 'embedded file': await openWith({}, () => {}) };
    for (const url of urls) opened[url] = await openElasticsearch(url);
    return opened;
  },
  { runs: 40, skip },
);
