import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasBinary, skipUnless, waitFor } from '@kith/testing';
import { exchangeStatusSchema } from '@kith/wire';
import { elasticsearchHome, elasticsearchServer, needsElasticsearchHome } from '../src/nodes/elasticsearch-server.ts';
import { openSeparateNode } from '../src/nodes/separate-node.ts';

const skip =
  skipUnless(hasBinary('redis-server'), 'needs redis-server') ||
  skipUnless(elasticsearchHome !== '', needsElasticsearchHome);

/** How often the server looks at its disk; less is refused. */
const LOOK = 'cluster.info.update.interval: 10s';
const WATERMARK = 'cluster.routing.allocation.disk.watermark';
/** With these the disk of every machine counts as full. */
const full = { [`${WATERMARK}.low`]: '0.1%', [`${WATERMARK}.high`]: '0.1%', [`${WATERMARK}.flood_stage`]: '0.1%' };
const free = { [`${WATERMARK}.*`]: null };

test(
  'above the flood stage searches go on, what is refused is said, and what waits appears by itself',
  { skip },
  async (t) => {
    const server = elasticsearchServer({
      name: 'own',
      settings: ['discovery.type: single-node', LOOK, 'cluster.routing.allocation.disk.threshold_enabled: true'],
    });
    const ends: (() => Promise<void>)[] = [() => server.close()];
    t.after(async () => {
      for (const end of ends) await end().catch(() => {});
    });
    await server.start();
    const roomy = {
      ...full,
      [`${WATERMARK}.low`]: '98%',
      [`${WATERMARK}.high`]: '98%',
      [`${WATERMARK}.flood_stage`]: '99%',
    };
    const setDisk = (transient: object) => server.call('PUT', '/_cluster/settings', { transient });
    await setDisk(roomy);
    const node = await openSeparateNode({ elasticsearch: server.url });
    ends.unshift(() => node.close());
    const share = join(node.folder, 'share');
    mkdirSync(share);
    writeFileSync(join(share, 'before.txt'), 'Anchors from before.');
    writeFileSync(join(share, 'removed.txt'), 'Anchors that are removed.');
    await node.start('gateway');
    await node.start('exchange', { KITH_SHARE: share });
    const owner = node.owner();
    const found = async () => (await owner.search('anchors', { limit: '100' })).results.map(({ name }) => name).sort();
    await waitFor(async () => (await found()).length === 2, { what: 'the first files', timeoutMs: 30_000 });
    const hash = await owner.post('kept', 'Anchors that were sent before.');
    const status = async () => exchangeStatusSchema.parse((await owner.ask('/api/status')).json());
    const findings = async () => (await status()).index?.findings.map(({ code }) => code) ?? [];

    await setDisk(full);
    await waitFor(async () => (await findings()).includes('disk_full'), {
      what: 'the server to find its disk full',
      timeoutMs: 60_000,
    });
    const sent = await owner.ask('/api/documents', { method: 'POST', body: { title: 'sent', text: 'Anchors, sent.' } });
    assert.equal(sent.status, 507, sent.body.toString());
    assert.match(sent.body.toString(), /"disk_full".*Make room/s);
    const removed = await owner.ask(`/api/documents/${hash}`, { method: 'DELETE' });
    assert.equal(removed.status, 507, removed.body.toString());
    for (let i = 0; i < 20; i++) writeFileSync(join(share, `meanwhile-${i}.txt`), `Anchors, number ${i}.`);
    rmSync(join(share, 'removed.txt'));
    const wanted = ['before.txt', 'kept.txt', 'removed.txt'];
    await waitFor(async () => (await status()).queued >= 20, {
      what: 'the new files to wait',
      timeoutMs: 30_000,
    });
    assert.deepEqual(await found(), wanted);

    await setDisk(roomy);
    const from = performance.now();
    await waitFor(async () => (await found()).length === 22, { what: 'all to appear', timeoutMs: 120_000 });
    t.diagnostic(`all appeared ${Math.round(performance.now() - from)} ms after there was room`);
    assert.ok(!(await found()).includes('removed.txt'));
    assert.deepEqual(await findings(), []);
    assert.equal((await owner.ask(`/api/documents/${hash}`, { method: 'DELETE' })).status, 204);
    await owner.post('sent', 'Anchors, sent.');
    assert.deepEqual(
      (await found()).filter((name) => /kept|sent/.test(name)),
      ['sent.txt'],
    );
    await setDisk(free);
  },
);
