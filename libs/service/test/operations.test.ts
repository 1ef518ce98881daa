import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counter, createMetrics, createOperations, gaugeBy, ServiceError, silentLog } from '../src/index.ts';

test('health, readiness and metrics are answered on loopback', async (t) => {
  const metrics = createMetrics();
  counter(metrics, 'kith_probes_total', 'Probes.', ['answer']).inc({ answer: 'peer' }, 3);
  gaugeBy(metrics, 'kith_peers', 'Peers by state.', 'state', async () => ({ alive: 2, dead: 1 }));
  let away = false;
  const ready = async () => {
    if (away) throw new ServiceError('store_away', 'Redis does not answer.');
  };
  const operations = createOperations({ port: 0, metrics, ready, log: silentLog });
  await operations.start();
  t.after(() => operations.stop());
  const get = (path: string) => fetch(`http://127.0.0.1:${operations.port()}${path}`);
  assert.equal((await get('/healthz')).status, 200);
  assert.equal((await get('/readyz')).status, 200);
  away = true;
  const notReady = await get('/readyz');
  assert.equal(notReady.status, 503);
  assert.equal(((await notReady.json()) as { error: string }).error, 'store_away');
  const text = await (await get('/metrics')).text();
  assert.match(text, /kith_probes_total\{answer="peer"\} 3/);
  assert.match(text, /kith_peers\{state="alive"\} 2/);
  assert.match(text, /kith_resident_memory_bytes \d{6}/);
});

test('it refuses to listen anywhere but on loopback', () => {
  const options = { port: 0, metrics: createMetrics(), ready: async () => {}, log: silentLog };
  assert.throws(() => createOperations({ ...options, address: '0.0.0.0' }), /loopback/);
});
