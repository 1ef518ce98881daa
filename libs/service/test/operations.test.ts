import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import {
  allReady,
  counter,
  createMetrics,
  createOperations,
  gauge,
  gaugeBy,
  operationsAddress,
  resource,
  ServiceError,
  silentLog,
} from '../src/index.ts';

const TOKEN = 'Bearer the-token';
/** Nobody is known by the connection; one token is right. */
const owner = { has: async (_socket: unknown, authorization: string | undefined) => authorization === TOKEN };
const asOwner = { headers: { authorization: TOKEN } };

test('health, readiness and metrics are answered on loopback', async (t) => {
  const metrics = createMetrics();
  counter(metrics, 'kith_probes_total', 'Probes.', ['answer']).inc({ answer: 'peer' }, 3);
  gaugeBy(metrics, 'kith_peers', 'Peers by state.', 'state', async () => ({ alive: 2, dead: 1 }));
  let away = false;
  const ready = async () => {
    if (away) throw new ServiceError('store_away', 'Redis does not answer.');
  };
  const operations = createOperations({ port: 0, metrics, ready, owner, log: silentLog });
  await operations.start();
  t.after(() => operations.stop());
  const get = (path: string, init = {}) => fetch(`http://127.0.0.1:${operations.port()}${path}`, init);
  assert.equal((await get('/healthz')).status, 200);
  assert.equal((await get('/readyz')).status, 200);
  away = true;
  const notReady = await get('/readyz', asOwner);
  assert.equal(notReady.status, 503);
  assert.equal(((await notReady.json()) as { error: string }).error, 'store_away');
  const text = await (await get('/metrics', asOwner)).text();
  assert.match(text, /kith_probes_total\{answer="peer"\} 3/);
  assert.match(text, /kith_peers\{state="alive"\} 2/);
  assert.match(text, /kith_resident_memory_bytes \d{6}/);
});

test('whoever has not shown to be the owner learns whether it is ready, and nothing else', async (t) => {
  const ready = () => Promise.reject(new ServiceError('store_away', 'Redis does not answer.'));
  const operations = createOperations({ port: 0, metrics: createMetrics(), ready, owner, log: silentLog });
  await operations.start();
  t.after(() => operations.stop());
  const get = (path: string, authorization = 'Bearer wrong') =>
    fetch(`http://127.0.0.1:${operations.port()}${path}`, { headers: { authorization } });
  assert.equal((await get('/healthz')).status, 200);
  const notReady = await get('/readyz');
  assert.equal(notReady.status, 503);
  assert.doesNotMatch(await notReady.text(), /store|redis/i);
  const metrics = await get('/metrics');
  assert.equal(metrics.status, 401);
  assert.match(metrics.headers.get('www-authenticate') ?? '', /^Bearer/);
  assert.doesNotMatch(await metrics.text(), /kith_/);
});

test('it refuses to listen anywhere but on loopback', () => {
  const options = { port: 0, metrics: createMetrics(), ready: async () => {}, owner, log: silentLog };
  assert.throws(() => createOperations({ ...options, address: '0.0.0.0' }), /loopback/);
});

test('a port that is taken is a warning, and a web page under another name reads nothing', async (t) => {
  const options = { metrics: createMetrics(), ready: async () => {}, owner, log: silentLog };
  const first = createOperations({ ...options, port: 0 });
  await first.start();
  t.after(() => first.stop());
  const second = createOperations({ ...options, port: first.port() });
  await second.start();
  assert.throws(() => second.port(), /not started/);
  await second.stop();
  const status = (host: string) =>
    new Promise((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port: first.port(),
        path: '/metrics',
        headers: { host, ...asOwner.headers },
      });
      asked.on('error', reject).on('response', (answer) => resolve(answer.resume().statusCode));
      asked.end();
    });
  assert.equal(await status(`localhost:${first.port()}`), 200);
  assert.equal(await status('evil.example'), 403);
});

test('what cannot be read spoils no scrape', async () => {
  const metrics = createMetrics();
  const away = () => Promise.reject(new Error('away'));
  gauge(metrics, 'kith_documents', 'Documents.', away);
  gaugeBy(metrics, 'kith_peers', 'Peers.', 'state', away);
  assert.match(await metrics.metrics(), /kith_documents nan/i);
});

test('the part that is not ready is why the service is not; the listener shares a loopback address', async () => {
  const fine = resource('one', { close: async () => {} });
  const away = resource('two', { close: async () => {} }, () => Promise.reject(new Error('two is away')));
  await allReady([fine]);
  await assert.rejects(allReady([fine, away]), /two is away/);
  assert.deepEqual(['127.0.0.7', '::', '192.168.1.2'].map(operationsAddress), ['127.0.0.7', '127.0.0.1', '127.0.0.1']);
});
