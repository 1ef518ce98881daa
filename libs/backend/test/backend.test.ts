import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { tempDirectory } from '@kith/testing';
import { documentSettings, openDocuments, openPeerStore, peerStoreSettings } from '../src/index.ts';

const needs = { log: silentLog, clock: systemClock };
const settings = { ...peerStoreSettings, ...documentSettings };

test('with no URL both stores are files in the data directory', async (t) => {
  const dataDirectory = tempDirectory(t);
  const values = { ...readSettings(settings, {}), dataDirectory };
  const peers = await openPeerStore(values, needs);
  const documents = await openDocuments(values, needs);
  t.after(() => Promise.all([peers.close(), documents.close()]));
  assert.deepEqual(await peers.listPeers(), []);
  assert.equal((await documents.index.statistics()).documents, 0);
  assert.ok(existsSync(join(dataDirectory, 'peers.sqlite')));
  assert.ok(existsSync(join(dataDirectory, 'documents.sqlite')));
});

test('with a Redis URL the peers are not in a file; a Redis that is away is an error of each call', async (t) => {
  const dataDirectory = tempDirectory(t);
  const values = { ...readSettings(settings, { KITH_REDIS_URL: `unix://${dataDirectory}/none.sock` }), dataDirectory };
  const peers = await openPeerStore(values, needs);
  t.after(() => peers.close());
  await assert.rejects(peers.listPeers(), { code: 'store_away' });
  assert.ok(!existsSync(join(dataDirectory, 'peers.sqlite')));
});

test('with an Elasticsearch URL the documents are not in a file', async (t) => {
  const dataDirectory = tempDirectory(t);
  const values = { ...readSettings(settings, { KITH_ELASTICSEARCH_URL: 'http://127.0.0.1:9' }), dataDirectory };
  const documents = await openDocuments(values, needs);
  t.after(() => documents.close());
  await assert.rejects(documents.index.statistics(), { code: 'index_away' });
  assert.ok(!existsSync(join(dataDirectory, 'documents.sqlite')));
});

test('wrong URLs are refused with what is accepted, and without the password that they hold', () => {
  const env = { KITH_REDIS_URL: 'http://:secret@host', KITH_ELASTICSEARCH_URL: 'http://a:9200,redis://b' };
  assert.throws(
    () => readSettings(settings, env),
    ({ message }: Error) => {
      assert.match(message, /KITH_REDIS_URL.*accepted: redis:\/\/host:6379/);
      assert.match(message, /KITH_ELASTICSEARCH_URL.*accepted: URLs such as http:\/\/elasticsearch:9200/);
      assert.doesNotMatch(message, /secret/);
      return true;
    },
  );
});
