import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { tempDirectory } from '@kith/testing';
import { documentSettings, openDocuments } from '../src/index.ts';

const needs = { log: silentLog, clock: systemClock };

test('with no URL the documents are a file in the data directory', async (t) => {
  const dataDirectory = tempDirectory(t);
  const documents = await openDocuments({ ...readSettings(documentSettings, {}), dataDirectory }, needs);
  t.after(() => documents.close());
  assert.equal((await documents.index.statistics()).documents, 0);
  assert.ok(existsSync(join(dataDirectory, 'documents.sqlite')));
});

test('with an Elasticsearch URL the documents are not in a file', async (t) => {
  const dataDirectory = tempDirectory(t);
  const values = readSettings(documentSettings, { KITH_ELASTICSEARCH_URL: 'http://127.0.0.1:9' });
  const documents = await openDocuments({ ...values, dataDirectory }, needs);
  t.after(() => documents.close());
  await assert.rejects(documents.index.statistics(), { code: 'index_away' });
  assert.ok(!existsSync(join(dataDirectory, 'documents.sqlite')));
});

test('wrong URLs are refused with what is accepted, and without the password that they hold', () => {
  assert.throws(
    () => readSettings(documentSettings, { KITH_ELASTICSEARCH_URL: 'http://u:secret@a:9200,redis://b' }),
    ({ message }: Error) => {
      assert.match(message, /KITH_ELASTICSEARCH_URL.*accepted: URLs such as http:\/\/elasticsearch:9200/);
      assert.doesNotMatch(message, /secret/);
      return true;
    },
  );
});
