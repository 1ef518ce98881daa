import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from '@kith/service';
import { waitFor } from '@kith/testing';
import { startPair } from './gateway-rig.ts';
import { exchange, ok, startRawUpstream } from './raw-http.ts';

const get = (path: string, fields = '') =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${fields}\r\n`;

test('what is forwarded is counted by route and code; streams are not timed, own answers not counted', async (t) => {
  const upstream = await startRawUpstream(t, ({ socket }) => socket.write(ok('hello')));
  const ofAna = createMetrics();
  const ofBob = createMetrics();
  const settings = { upstream: upstream.origin };
  const [ana] = await startPair(
    t,
    { metrics: ofAna, settings: { upstream: 'http://127.0.0.1:1' } },
    { metrics: ofBob, settings },
  );
  await exchange(t, ana.port, get('/_kith/node'));
  await exchange(t, ana.port, get('/peers/bob/secret-page'));
  await exchange(t, ana.port, get('/peers/bob/events', 'Accept: text/event-stream\r\n'));
  await exchange(t, ana.port, get('/nobody-there'));
  const figures = async (metrics: typeof ofAna) => {
    const text = await metrics.metrics();
    assert.ok(!text.includes('secret-page') && !text.includes(ana.identity.id));
    return text.split('\n').filter((line) => /^kith_gateway_upstream_(requests_total|seconds_count)/.test(line));
  };
  const whole = async (metrics: typeof ofAna, lines: number) =>
    waitFor(
      async () => {
        const found = await figures(metrics);
        return found.length === lines && found.some((line) => line.endsWith(' 2')) && found;
      },
      { what: 'all answers to be over' },
    );
  assert.deepEqual(await whole(ofAna, 4), [
    'kith_gateway_upstream_requests_total{route="peer",code="200"} 2',
    'kith_gateway_upstream_requests_total{route="owner",code="502"} 1',
    'kith_gateway_upstream_seconds_count{route="peer"} 1',
    'kith_gateway_upstream_seconds_count{route="owner"} 1',
  ]);
  assert.deepEqual(await whole(ofBob, 2), [
    'kith_gateway_upstream_requests_total{route="visitor",code="200"} 2',
    'kith_gateway_upstream_seconds_count{route="visitor"} 1',
  ]);
});
