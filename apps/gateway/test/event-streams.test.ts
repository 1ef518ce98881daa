import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createMemoryPeerStore } from '@kith/membership';
import { systemClock } from '@kith/service';
import { waitFor } from '@kith/testing';
import { createEventStreams } from '../src/event-streams.ts';
import { openSocket } from './raw-http.ts';

async function streamFrom(t: Parameters<typeof openSocket>[0], heartbeatMs: number) {
  const peers = createMemoryPeerStore({ clock: systemClock });
  const streams = createEventStreams({ peers, heartbeatMs });
  const server = createServer((request, response) => void streams.open(request, response, undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const socket = await openSocket(t, typeof address === 'object' && address ? address.port : 0);
  const stream = { text: '', socket, peers, streams };
  socket.on('data', (chunk) => {
    stream.text += chunk.toString();
  });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return stream;
}

test('comment lines come while nothing happens', async (t) => {
  const stream = await streamFrom(t, 20);
  await waitFor(() => stream.text.split(': still here').length > 3, { what: 'three heartbeats' });
});

test('a store that is away is told as an error, not as an empty stream', async (t) => {
  const peers = createMemoryPeerStore({ clock: systemClock });
  await peers.close();
  const streams = createEventStreams({ peers });
  const server = createServer((request, response) => void streams.open(request, response, undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(answer.status, 503);
  assert.equal(((await answer.json()) as { error: string }).error, 'store_away');
});
