import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DocumentIndex } from '@kith/documents';
import { sampleDocument } from '@kith/documents/compliance';
import { waitFor } from '@kith/testing';
import { openElasticsearchDocuments } from '../src/index.ts';
import { openFront } from './front.ts';
import { call, freshPrefix, openFresh, removeIndexes, skip, testedServers } from './servers.ts';

const codes = async (index: DocumentIndex) => (await index.health()).findings.map(({ code }) => code);

async function openWithFront(t: TestContext, url: string) {
  const front = await openFront(url);
  const indexPrefix = freshPrefix();
  const opened = await openElasticsearchDocuments({ urls: [front.url], indexPrefix });
  t.after(async () => {
    front.hangs = false;
    await opened.close();
    await front.close();
    await removeIndexes(url, indexPrefix);
  });
  return { front, ...opened };
}

for (const url of testedServers) {
  test(`${url}: yellow through lost copies is a note and no fault`, { skip }, async (t) => {
    const { index, indexPrefix, dispose } = await openFresh(url);
    t.after(dispose);
    assert.deepEqual(await index.health(), { engine: 'elasticsearch', findings: [], note: '2 of 2 shards' });
    const copies = { auto_expand_replicas: false, number_of_replicas: 9 };
    await call(url, 'PUT', `/${indexPrefix}-documents/_settings`, { index: copies });
    const { note = '' } = await waitFor(
      async () => {
        const health = await index.health();
        assert.deepEqual(health.findings, []);
        return /yellow/.test(health.note ?? '') && health;
      },
      { what: 'the missing copies' },
    );
    assert.match(note, /^\d+ of 11 shards, yellow: every document is there/);
  });

  test(`${url}: a shard without a place is red, and nothing can be asked meanwhile`, { skip }, async (t) => {
    const { index, indexPrefix, dispose } = await openFresh(url);
    t.after(dispose);
    // Made anew where no node may hold it: a shard that had its place once is given it again at any price.
    const place = 'index.routing.allocation.require.place';
    const made = (await call(url, 'GET', `/${indexPrefix}-documents`)) as Record<string, Record<string, object>>;
    const [[name, { mappings, aliases }] = ['', {}]] = Object.entries(made);
    await call(url, 'DELETE', `/${name}`);
    const settings = { [place]: 'nowhere', auto_expand_replicas: '0-1' };
    await call(url, 'PUT', `/${name}?wait_for_active_shards=0`, { mappings, aliases, settings });
    const { findings } = await waitFor(
      async () => {
        const health = await index.health();
        return health.findings.length > 0 && health;
      },
      { what: 'it to be red' },
    );
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['index_red'],
    );
    assert.match(findings[0]?.message ?? '', /is red: 1 of 2 shards are there/);
    await assert.rejects(index.statistics(), { code: 'index_away' });
    await call(url, 'PUT', `/${name}/_settings`, { [place]: null });
    await waitFor(async () => (await codes(index)).length === 0, { what: 'it to be well' });
    assert.equal((await index.statistics()).documents, 0);
  });

  test(`${url}: blocked by its full disk, by hand, and indexes that are gone`, { skip }, async (t) => {
    const { index, indexPrefix, dispose } = await openFresh(url);
    t.after(dispose);
    const block = (name: string, value: boolean | null) =>
      call(url, 'PUT', `/${indexPrefix}-documents/_settings`, { [`index.blocks.${name}`]: value });
    await block('read_only_allow_delete', true);
    assert.deepEqual(await codes(index), ['disk_full']);
    await block('read_only_allow_delete', null);
    await block('write', true);
    const [finding] = (await index.health()).findings;
    assert.equal(finding?.code, 'index_blocked');
    assert.match(finding?.message ?? '', /-documents-v[\d-]+: index\.blocks\.write/);
    await assert.rejects(index.put([sampleDocument({})]), { code: 'index_away', message: /kith doctor/ });
    await block('write', null);
    assert.deepEqual(await codes(index), []);
    await removeIndexes(url, indexPrefix);
    const [gone] = (await index.health()).findings;
    assert.equal(gone?.code, 'index_gone');
    assert.match(gone?.message ?? '', /has no index of this node/);
  });

  test(`${url}: not reached, silent, refusing`, { skip }, async (t) => {
    const { front, index } = await openWithFront(t, url);
    assert.deepEqual(await codes(index), []);
    front.away = true;
    const [away] = (await index.health()).findings;
    assert.equal(away?.code, 'index_away');
    assert.match(away?.message ?? '', /not reached.*KITH_ELASTICSEARCH_URL/);
    front.away = false;
    front.hangs = true;
    assert.deepEqual(await codes(index), ['index_away']);
    front.hangs = false;
    front.instead = () => ({ status: 401, body: { error: { type: 'security_exception' }, status: 401 } });
    assert.deepEqual(await codes(index), ['index_refused']);
    // A user who may use the indexes and not see the cluster: what cannot be known is no fault.
    front.instead = (path) =>
      /^\/_(cluster|health)/.test(path) ? { status: 403, body: { error: { type: 'security_exception' } } } : undefined;
    assert.deepEqual(await index.health(), { engine: 'elasticsearch', findings: [] });
  });

  test(`${url}: a disk above the high watermark by the server’s own report`, { skip }, async (t) => {
    const { front, index } = await openWithFront(t, url);
    // Figures that Elasticsearch 9.2.4 gave with its watermarks lowered; the whole server would not fit into a test.
    const details = { nodes_over_high_watermark: 1, nodes_over_flood_stage_watermark: 0 };
    front.instead = (path) =>
      path.startsWith('/_health_report/disk')
        ? { status: 200, body: { indicators: { disk: { details } } } }
        : undefined;
    const [finding] = (await index.health()).findings;
    assert.equal(finding?.code, 'disk_nearly_full');
    assert.match(finding?.message ?? '', /disk of an Elasticsearch node is nearly full/);
  });
}
