import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '@kith/testing';
import { devicesViewSchema, eventsViewSchema, nodeViewSchema, peersViewSchema, peerViewSchema } from '@kith/wire';
import { introduce, type Node, startNode, startPair } from './gateway-rig.ts';
import { openSocket } from './raw-http.ts';

const api = async (node: Node, path: string, init: RequestInit = {}) => {
  const answer = await fetch(`http://127.0.0.1:${node.port}/_kith${path}`, init);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
};
const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

test('the node, its peers and its devices are told as libs/wire says', async (t) => {
  const [ana, bob] = await startPair(t);
  await ana.peers.putDevices([
    { address: '192.168.1.9', answer: 'refused', firstSeenAt: 1, lastSeenAt: 2 },
    { address: '127.0.0.2', answer: 'peer', peer: bob.identity.id, firstSeenAt: 1, lastSeenAt: 2 },
  ]);
  const node = nodeViewSchema.parse((await api(ana, '/node')).body);
  assert.deepEqual([node.id, node.name, node.gatewayPort, node.pairingCode], [ana.identity.id, 'ana', ana.port, false]);
  const { peers } = peersViewSchema.parse((await api(ana, '/peers')).body);
  assert.deepEqual(
    peers.map(({ label, trust, url }) => [label, trust, url]),
    [['bob', 'trusted', `http://bob.localhost:${ana.port}/`]],
  );
  const { devices } = devicesViewSchema.parse((await api(ana, '/devices')).body);
  assert.deepEqual(
    devices.map(({ address, peer }) => [address, peer?.name]),
    [
      ['127.0.0.2', 'bob'],
      ['192.168.1.9', undefined],
    ],
  );
  const { headers } = await api(ana, '/peers');
  assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
  assert.equal(headers.get('cache-control'), 'no-store');
});

test('the owner trusts, blocks and forgets a peer by name or id', async (t) => {
  const ana = await startNode(t);
  const bob = await startNode(t, { name: 'Bob', address: '127.0.0.2' });
  await introduce(ana, bob);
  const trusted = peerViewSchema.parse((await api(ana, '/peers/bob/trust', post({ trust: 'trusted' }))).body);
  assert.deepEqual([trusted.trust, trusted.trustedBy], ['trusted', 'owner']);
  const blocked = await api(ana, `/peers/${bob.identity.id}/trust`, post({ trust: 'blocked' }));
  assert.equal(blocked.body.trust, 'blocked');
  assert.equal((await api(ana, '/peers/Bob')).body.trust, 'blocked');
  assert.equal((await api(ana, '/peers/bob', { method: 'DELETE' })).status, 204);
  assert.deepEqual((await api(ana, '/peers')).body, { peers: [] });
  assert.equal((await api(ana, '/peers/bob', { method: 'DELETE' })).status, 404);
});

test('a peer that the owner was shown may be trusted, before its event has come', async (t) => {
  const ana = await startNode(t);
  const bob = await startNode(t, { name: 'Bob', address: '127.0.0.2' });
  await introduce(ana, bob);
  const known = await ana.peers.getPeer(bob.identity.id);
  const carl = await startNode(t, { name: 'Carl', address: '127.0.0.3' });
  const { id, publicKey } = carl.identity;
  // As another process writes it, and without an event: the gateway learns of it at its next look, ten seconds later.
  await ana.peers.changePeer(id, () => ({
    peer: known && { ...known, id, publicKey, name: 'Carl', label: 'carl' },
    events: [],
  }));
  const [carlShown] = peersViewSchema
    .parse((await api(ana, '/peers')).body)
    .peers.filter(({ name }) => name === 'Carl');
  assert.equal(carlShown?.trust, 'pending');
  assert.equal((await api(ana, '/peers/carl/trust', post({ trust: 'trusted' }))).body.trust, 'trusted');
});

const wrong: [path: string, init: RequestInit, status: number, error: string][] = [
  ['/peers/nobody', {}, 404, 'peer_not_found'],
  ['/peers/nobody/trust', post({ trust: 'trusted' }), 404, 'peer_not_found'],
  ['/nothing', {}, 404, 'not_found'],
  ['/node', { method: 'POST' }, 404, 'not_found'],
  ['/events?limit=0', {}, 400, 'bad_request'],
  ['/look', post({ address: 'example.com' }), 400, 'bad_request'],
  ['/look', post({ address: '8.8.8.8' }), 400, 'bad_request'],
  ['/look', post({ address: '100.64.0.1' }), 400, 'bad_request'],
  ['/look', post({ address: '169.254.169.254; rm' }), 400, 'bad_request'],
  ['/look', { ...post({}), body: '{' }, 400, 'bad_request'],
  ['/look', { ...post({}), body: JSON.stringify({ address: 'x'.repeat(100_000) }) }, 413, 'too_large'],
];
test('what is asked wrongly is answered with what is right', async (t) => {
  const ana = await startNode(t);
  for (const [path, init, status, error] of wrong) {
    const answer = await api(ana, path, init);
    assert.deepEqual([answer.status, answer.body.error], [status, error], `${path} ${JSON.stringify(answer.body)}`);
  }
});

test('an address to look at is handed to the scanner', async (t) => {
  const ana = await startNode(t);
  const seen: unknown[] = [];
  t.after(await ana.peers.followCandidates((candidate) => seen.push(candidate)));
  assert.equal((await api(ana, '/look', post({ address: '192.168.1.77' }))).status, 202);
  assert.deepEqual(seen, [{ address: '192.168.1.77', pingbackPort: 5800, source: 'owner' }]);
});

async function follow(t: Parameters<typeof openSocket>[0], node: Node, fields = '', path = '/events') {
  const socket = await openSocket(t, node.port);
  const stream = { text: '', socket };
  socket.on('data', (chunk) => {
    stream.text += chunk.toString();
  });
  socket.write(`GET /_kith${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n${fields}\r\n`);
  await waitFor(() => stream.text.includes('retry:'), { what: 'the stream to begin' });
  return stream;
}
const numbers = (text: string) => [...text.matchAll(/"number (\d+)"/g)].map(([, number]) => Number(number));
const event = (number: number) => ({ type: 'sweep', message: `number ${number}` }) as const;

test('events come as a list and as a stream that resumes where it was', async (t) => {
  const ana = await startNode(t);
  await ana.peers.addEvents([1, 2, 3].map(event));
  const { events } = eventsViewSchema.parse((await api(ana, '/events?limit=2')).body);
  assert.deepEqual(
    events.map(({ message }) => message),
    ['number 2', 'number 3'],
  );
  const [second, third] = events;
  assert.ok(second && third);
  const after = await api(ana, `/events?after=${second.cursor}`);
  assert.deepEqual(
    after.body.events.map((one: { message: string }) => one.message),
    ['number 3'],
  );

  const live = await follow(t, ana);
  await ana.peers.addEvents([event(4)]);
  await waitFor(() => numbers(live.text).length > 0, { what: 'the live event' });
  assert.deepEqual(numbers(live.text), [4], 'a new stream begins now');
  const resumed = await follow(t, ana, `Last-Event-ID: ${second.cursor}\r\n`);
  await ana.peers.addEvents([event(5)]);
  await waitFor(() => numbers(resumed.text).includes(5), { what: 'the resumed stream' });
  assert.deepEqual(numbers(resumed.text), [3, 4, 5], 'each once, in order');
  assert.match(resumed.text, /content-type: text\/event-stream/i);
});

test('a long replay comes whole and in order while more events arrive', async (t) => {
  const ana = await startNode(t);
  await ana.peers.addEvents(Array.from({ length: 2_000 }, (_, i) => event(i)));
  const [first] = await ana.peers.readEvents({ limit: 1 });
  const stream = await follow(t, ana, '', `/events?after=${first?.cursor}`);
  await ana.peers.addEvents([event(2_000)]);
  await waitFor(() => numbers(stream.text).includes(2_000), { what: 'the last event' });
  assert.deepEqual(
    numbers(stream.text),
    Array.from({ length: 2_000 }, (_, i) => i + 1),
  );
});

test('a reader that does not read is cut off, and the node keeps nothing for it', async (t) => {
  const ana = await startNode(t);
  const { socket } = await follow(t, ana);
  socket.pause();
  const long = 'x'.repeat(900);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (let i = 0; i < 60; i += 1) {
    await ana.peers.addEvents(Array.from({ length: 200 }, () => ({ type: 'sweep', message: long }) as const));
  }
  socket.resume();
  await closed;
});

test('streams end when the gateway stops', async (t) => {
  const ana = await startNode(t);
  const { socket } = await follow(t, ana);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // The time after which a stop cuts what is under way never comes.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await ana.stop();
  await closed;
  t.mock.timers.reset();
});
