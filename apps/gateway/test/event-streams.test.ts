import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createMemoryPeerStore, type MembershipEvent, type PeerStore } from '@kith/membership';
import { systemClock } from '@kith/service';
import { waitFor } from '@kith/testing';
import { createEventStreams } from '../src/api/event-streams.ts';
import { openSocket } from './raw-http.ts';

async function serve(t: TestContext, peers: PeerStore, after: string | undefined): Promise<string> {
  const streams = createEventStreams({ peers });
  const server = createServer((request, response) => void streams.open(request, response, after));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

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

/** Reads the stream until `count` events came; returns their numbers. */
async function numbersFrom(url: string, count: number): Promise<number[]> {
  const answer = await fetch(url);
  let text = '';
  for await (const part of answer.body ?? []) {
    text += new TextDecoder().decode(part);
    if (text.split('\ndata: ').length > count) break;
  }
  return [...text.matchAll(/"number":(\d+)/g)].map((found) => Number(found[1]));
}

test('a live tail that is behind the replay repeats nothing', async (t) => {
  const store = createMemoryPeerStore({ clock: systemClock });
  const add = (number: number) => store.addEvents([{ type: 'sweep', message: '', data: { number } }]);
  for (let number = 1; number <= 4; number += 1) await add(number);
  const kept = await store.latestEvents(4);
  let listener: (event: MembershipEvent) => void = () => {};
  // As Redis: the tail is a connection of its own, and slower than the reading of the log.
  const behind: PeerStore = {
    ...store,
    followEvents: async (given) => {
      listener = given;
      for (let number = 5; number <= 7; number += 1) await add(number);
      return () => {};
    },
  };
  const url = await serve(t, behind, kept[2]?.cursor);
  const reading = numbersFrom(url, 5);
  const live = async (last: number) => {
    for (const event of await store.latestEvents(last)) listener(event);
  };
  await waitFor(() => store.latestEvents(1).then(([newest]) => newest?.data?.number === 7), { what: 'the log' });
  await live(3);
  await add(8);
  await live(4);
  assert.deepEqual(await reading, [4, 5, 6, 7, 8]);
});

test('who has seen all is told nothing again, and a place of another log begins from the oldest', async (t) => {
  const store = createMemoryPeerStore({ clock: systemClock });
  const add = (number: number) => store.addEvents([{ type: 'sweep', message: '', data: { number } }]);
  for (let number = 1; number <= 3; number += 1) await add(number);
  const newest = (await store.latestEvents(1))[0];
  let listener: (event: MembershipEvent) => void = () => {};
  const behind: PeerStore = {
    ...store,
    followEvents: async (given) => {
      listener = given;
      return () => {};
    },
  };
  for (const [after, expected] of [
    [newest?.cursor, [4]],
    ['99999', [1, 2, 3]],
    ['x', [1, 2, 3]],
  ] as const) {
    const reading = numbersFrom(await serve(t, behind, after), expected.length);
    if (after === newest?.cursor) {
      await waitFor(() => listener.length > 0, { what: 'a follower' });
      for (const event of await store.latestEvents(3)) listener(event);
      await add(4);
      for (const event of await store.latestEvents(1)) listener(event);
      assert.deepEqual(await reading, [4]);
    } else assert.deepEqual((await reading).slice(0, 3), expected, after);
  }
});
