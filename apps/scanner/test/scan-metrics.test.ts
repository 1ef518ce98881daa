import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from '@kith/service';
import { waitFor } from '@kith/testing';
import { createLoopbackLan } from './loopback-lan.ts';
import { freePort, startScanner } from './running-scanner.ts';
import { newIdentity, serve, servePeer } from './signed-answers.ts';

test('a sweep is counted: addresses, duration, what answered, peers by state', async (t) => {
  const port = await freePort();
  const at = (n: number) => `127.0.3.${n}`;
  await servePeer(t, { identity: await newIdentity(t), address: at(10), port });
  await serve(t, at(20), (_q, a) => a.setHeader('content-type', 'text/html').end('<h1>a printer</h1>'), port);
  const metrics = createMetrics();
  const lan = createLoopbackLan({ gateway: at(30), hosts: [10, 20, 30].map(at) });
  const { peers } = await startScanner(t, { lan, port, metrics });
  await waitFor(async () => (await peers.readStatus()).scanner?.lastSweepAt, { what: 'the end of the sweep' });
  const text = await metrics.metrics();
  assert.match(text, /^kith_scan_addresses_total [1-9]/m);
  assert.match(text, /^kith_scan_duration_seconds_count 1$/m);
  assert.match(text, /^kith_neighbour_table_full_total 0$/m);
  assert.match(text, /^kith_peer_probe_seconds_count\{answer="peer"\} [1-9]/m);
  assert.match(text, /^kith_peer_probe_seconds_count\{answer="other-service"\} [1-9]/m);
  assert.match(text, /^kith_peers\{state="alive"\} 1$/m);
  assert.match(text, /^kith_peers\{state="dead"\} 0$/m);
  assert.ok(!text.includes('127.0.3.'), 'no address is a label');
});
