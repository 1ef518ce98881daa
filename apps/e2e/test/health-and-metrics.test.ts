import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { hasBinary, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { startProgram, startService } from '../src/nodes/service-process.ts';
import { readText } from '../src/texts/repository.ts';

const address = `127.${randomInt(100, 200)}.${randomInt(0, 256)}.${randomInt(2, 254)}`;
const env = { KITH_BIND: address, KITH_EXCHANGE_BIND: address, KITH_SWEEP: 'off' };
const ask = async (port: number, path: string) => {
  const answer = await fetch(`http://${address}:${port}${path}`);
  return { status: answer.status, text: await answer.text() };
};
const names = (text: string) => new Set([...text.matchAll(/\bkith_[a-z_]+/g)].map(([name]) => name));
const withoutSuffix = (name: string) => name.replace(/(_seconds)_(bucket|sum|count)$/, '$1');
const namesServed = async (port: number) =>
  new Set([...(await ask(port, '/metrics')).text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));

async function startNode(t: TestContext, more: Record<string, string> = {}) {
  const door = { host: address, port: 5805 };
  const node = await startKithNode({ data: tempDirectory(t), name: 'ana', env: { ...env, ...more }, door });
  t.after(() => node.kill());
  return node;
}

test('each service of its own tells health, readiness and figures on its loopback address', async (t) => {
  const ports = { pingback: 5801, scanner: 5802, gateway: 5806, exchange: 5811 } as const;
  for (const [app, port] of Object.entries(ports) as [keyof typeof ports, number][]) {
    const home = tempDirectory(t);
    const service = await startService(app, { ...env, HOME: home, KITH_DATA: home });
    t.after(() => service.kill());
    for (const path of ['/healthz', '/readyz']) assert.equal((await ask(port, path)).status, 200, `${app} ${path}`);
    assert.ok((await namesServed(port)).has('kith_resident_memory_bytes'), app);
    assert.equal(await service.stop(), 0);
    await assert.rejects(ask(port, '/healthz'), `${app} has stopped`);
  }
});

test('what a whole node counts is what manual and dashboard name', async (t) => {
  await startNode(t);
  assert.equal((await ask(5809, '/readyz')).status, 200);
  const served = await namesServed(5809);
  assert.ok(served.size > 10);
  const [, section = ''] = readText('docs/operations.md').split('## Health and metrics');
  const manual = new Set([...names(section.split(/^## /m)[0] ?? '')].map(withoutSuffix));
  assert.deepEqual(
    [...served].filter((name) => !manual.has(name)),
    [],
  );
  assert.deepEqual(
    [...manual].filter((name) => !served.has(name)),
    [],
  );
  const dashboard = JSON.parse(readText('docs/grafana-dashboard.json')) as {
    panels: { targets: { expr: string }[] }[];
  };
  const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const shown = new Set([...names(queries.join('\n'))].map(withoutSuffix));
  assert.deepEqual(
    [...shown].filter((name) => !served.has(name)),
    [],
  );
  assert.deepEqual(
    [...served].filter((name) => !shown.has(name)),
    [],
  );
});

test('turned off, nothing listens; a port that is taken is a warning and the node runs', async (t) => {
  const off = await startNode(t, { KITH_OPERATIONS_PORT: 'off' });
  await assert.rejects(ask(5809, '/healthz'));
  await off.stop();
  const taken = await startNode(t, { KITH_OPERATIONS_PORT: '5800' });
  assert.match(taken.output(), /no health and metrics.*KITH_OPERATIONS_PORT/);
});

const needsRedis = skipUnless(hasBinary('redis-server'), 'needs redis-server');

test('without Redis a service lives but is not ready, and its figures are served', { skip: needsRedis }, async (t) => {
  const home = tempDirectory(t);
  const redis = await startProgram({
    name: 'redis',
    command: 'redis-server',
    arguments: ['--bind', address, '--port', '6379', '--save', '', '--dir', home],
    isReady: /Ready to accept connections/,
  });
  t.after(() => redis.kill());
  const KITH_REDIS_URL = `redis://${address}:6379`;
  const scanner = await startService('scanner', { ...env, HOME: home, KITH_DATA: home, KITH_REDIS_URL });
  t.after(() => scanner.kill());
  assert.equal((await ask(5802, '/readyz')).status, 200);
  assert.match((await ask(5802, '/metrics')).text, /^kith_peers\{state="alive"\} 0$/m);
  await redis.kill();
  const answer = await waitFor(
    async () => {
      const now = await ask(5802, '/readyz');
      return now.status === 503 && now;
    },
    { what: 'the service to say that it is not ready' },
  );
  assert.equal(JSON.parse(answer.text).error, 'store_away');
  assert.equal((await ask(5802, '/healthz')).status, 200);
  const { status, text } = await ask(5802, '/metrics');
  assert.equal(status, 200);
  assert.match(text, /^kith_cpu_seconds \d/m);
  assert.doesNotMatch(text, /^kith_peers\{/m);
});
