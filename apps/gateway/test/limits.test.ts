import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, waitFor } from '@kith/testing';
import { IN_FLIGHT_PER_PEER } from '../src/forward/in-flight.ts';
import { createTries } from '../src/pairing/tries.ts';
import { startPair } from './gateway-rig.ts';
import { exchange, ok, openSocket, startRawUpstream } from './raw-http.ts';

const get = (path: string, host: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

test('tries are counted for each key and in all, and forgotten after their window', async () => {
  const clock = createFakeClock();
  const tries = createTries({ clock, perKey: 2, inAll: 3, windowMs: 1_000 });
  assert.deepEqual(['a', 'a', 'a', 'b', 'c'].map(tries.take), [true, true, false, true, false]);
  await clock.advance(1_001);
  assert.equal(tries.take('a'), true);
});

test('a peer with too much under way is told to wait, and the owner does not notice', async (t) => {
  const upstream = await startRawUpstream(t, ({ socket, line }) => {
    if (!line.includes('/slow')) socket.write(ok());
  });
  const settings = { upstream: upstream.origin, upstreamTimeoutMs: 600_000 };
  const [ana, bob] = await startPair(t, { settings: { upstreamTimeoutMs: 600_000 } }, { settings });
  for (let i = 0; i < IN_FLIGHT_PER_PEER; i += 1) {
    const socket = await openSocket(t, ana.port);
    socket.write(get('/slow', 'bob.localhost'));
  }
  await waitFor(() => upstream.requests.length === IN_FLIGHT_PER_PEER, { what: 'the slow requests' });
  assert.equal((await exchange(t, ana.port, get('/x', 'bob.localhost'))).status, 429);
  assert.equal((await exchange(t, bob.port, get('/x', 'localhost'), bob.address)).status, 200);
  for (const { socket } of upstream.requests) socket.write(ok());
  await waitFor(async () => (await exchange(t, ana.port, get('/x', 'bob.localhost'))).status === 200, {
    what: 'the peer to be served again',
  });
});
