import { randomBytes } from 'node:crypto';
import { skipUnless } from '@kith/testing';
import { type ElasticsearchDocuments, openElasticsearchDocuments } from '../src/index.ts';

/** Real servers, by KITH_TEST_ELASTICSEARCH_URL (a list separated by commas). */
export const servers = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',').filter((url) => url !== '');
export const skip = skipUnless(servers.length > 0, 'needs Elasticsearch: KITH_TEST_ELASTICSEARCH_URL');
/** What the tests run against; one that is skipped where there is none. */
export const testedServers = servers.length > 0 ? servers : ['http://127.0.0.1:0'];

export const freshPrefix = () => `kith-test-${randomBytes(5).toString('hex')}`;

export async function call(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, body ? { method, headers, body: JSON.stringify(body) } : { method });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Deletes every index of a prefix by name: wildcards are refused by the server's defaults. */
export async function removeIndexes(url: string, prefix: string): Promise<void> {
  const found = Object.keys((await call(url, 'GET', `/${prefix}-*`)) as object);
  if (found.length > 0) await call(url, 'DELETE', `/${found.join(',')}`);
}

/** An empty pair of indexes on a server, with what opens them again and what removes them. */
export async function openFresh(url: string) {
  const indexPrefix = freshPrefix();
  const opened: ElasticsearchDocuments[] = [];
  const open = async () => {
    const one = await openElasticsearchDocuments({ urls: [url], indexPrefix });
    opened.push(one);
    return one;
  };
  const dispose = async () => {
    for (const one of opened) await one.close();
    await removeIndexes(url, indexPrefix);
  };
  return { ...(await open()), open, dispose, indexPrefix };
}
