import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createMemoryReplicaRegistry, type ReplicaRegistry, StoreAwayError } from '@kith/membership';
import { systemClock } from '@kith/service';
import { waitFor } from '@kith/testing';
import { type Node, startNode } from './gateway-rig.ts';
import { openSocket } from './raw-http.ts';

interface FakeReplica {
  readonly id: string;
  readonly origin: string;
  readonly asked: string[];
  /** As a kill does: nobody listens, and all connections are reset. */
  kill(): Promise<void>;
}

/** An exchange that says which one it is; `/healthz` is answered unless `listener` is given. */
async function startReplica(t: TestContext, registry: ReplicaRegistry, id: string, listener?: RequestListener) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/healthz') asked.push(`${request.method} ${request.url}`);
    if (listener) return listener(request, response);
    request.resume().on('end', () => response.end(id));
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await once(server, 'listening');
  const kill = async () => {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
  };
  t.after(kill);
  const at = server.address();
  const origin = `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}`;
  await registry.register({ service: 'exchange', id, address: origin, ttlMs: 60_000 });
  return { id, origin, asked, kill } satisfies FakeReplica;
}

async function startGateway(t: TestContext, registry: ReplicaRegistry): Promise<Node> {
  return startNode(t, { replicas: registry, settings: { upstream: 'replicas' } });
}

const createRegistry = () => createMemoryReplicaRegistry({ clock: systemClock });
const ask = async (node: Node, path = '/x', init: RequestInit = {}) => {
  const answer = await fetch(`http://127.0.0.1:${node.port}${path}`, { ...init, signal: AbortSignal.timeout(60_000) });
  return { status: answer.status, text: await answer.text() };
};

test('requests go round the replicas; a new one gets some within a second or so', async (t) => {
  const registry = createRegistry();
  await startReplica(t, registry, 'one');
  await startReplica(t, registry, 'two');
  const node = await startGateway(t, registry);
  const texts: string[] = [];
  for (let n = 0; n < 6; n += 1) texts.push((await ask(node)).text);
  assert.equal(texts.filter((text) => text === 'one').length, 3);
  const three = await startReplica(t, registry, 'three');
  await waitFor(async () => (await ask(node)).text === 'three' && three.asked.length > 0, {
    what: 'the new replica',
    timeoutMs: 3_000,
  });
});

test('a busy replica gets less: who waits for the slow one does not keep others waiting', async (t) => {
  const registry = createRegistry();
  const held: ServerResponse[] = [];
  const slow = await startReplica(t, registry, 'a-slow', (_request, response) => void held.push(response));
  await startReplica(t, registry, 'b-quick');
  const node = await startGateway(t, registry);
  const first = ask(node, '/first');
  await waitFor(() => held.length === 1 || slow.asked.length === 1, { what: 'the slow one to be asked' });
  for (let n = 0; n < 10; n += 1) assert.equal((await ask(node)).text, 'b-quick');
  for (const response of held) response.end('late');
  assert.equal((await first).text, 'late');
});

test('a killed replica costs no request that can go elsewhere: reads, and uploads that had not begun', async (t) => {
  const registry = createRegistry();
  const one = await startReplica(t, registry, 'one');
  await startReplica(t, registry, 'two');
  const node = await startGateway(t, registry);
  for (let n = 0; n < 4; n += 1) await ask(node);
  await one.kill();
  for (let n = 0; n < 4; n += 1) {
    assert.deepEqual(await ask(node, '/read'), { status: 200, text: 'two' });
    const posted = await ask(node, '/write', { method: 'POST', body: 'x'.repeat(300_000) });
    assert.deepEqual(posted, { status: 200, text: 'two' });
  }
});

test('a read is repeated elsewhere when its replica dies over it; a write that has begun is not', async (t) => {
  const registry = createRegistry();
  const die = (_request: IncomingMessage, response: ServerResponse) => response.socket?.resetAndDestroy();
  const one = await startReplica(t, registry, 'a-dies', die);
  const two = await startReplica(t, registry, 'b-lives');
  const reading = await startGateway(t, registry);
  assert.deepEqual(await ask(reading, '/read'), { status: 200, text: 'b-lives' });
  assert.deepEqual([one.asked, two.asked], [['GET /read'], ['GET /read']]);
  const writing = await startGateway(t, registry);
  assert.equal((await ask(writing, '/write', { method: 'POST', body: 'x' })).status, 502);
  assert.deepEqual([one.asked.length, two.asked.length], [2, 1]);
});

test('a replica that hangs is given up once it is off the list, and its reads are answered by another', async (t) => {
  const registry = createRegistry();
  const hung = await startReplica(t, registry, 'hung', () => {});
  const node = await startGateway(t, registry);
  const reading = ask(node, '/read');
  await waitFor(() => hung.asked.length === 1, { what: 'the read to hang' });
  await startReplica(t, registry, 'well');
  await registry.remove({ service: 'exchange', id: 'hung' });
  assert.deepEqual(await reading, { status: 200, text: 'well' });
});

test('an answer that has begun stays with its replica when that leaves the list', async (t) => {
  const registry = createRegistry();
  const streams: ServerResponse[] = [];
  const one = await startReplica(t, registry, 'one', (request, response) => {
    if (request.url !== '/events') return void response.end('one');
    streams.push(response.writeHead(200, { 'content-type': 'text/event-stream' }));
    response.write('data: 1\n\n');
  });
  const node = await startGateway(t, registry);
  const answer = await fetch(`http://127.0.0.1:${node.port}/events`);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader?.read())?.value, 'data: 1\n\n');
  await startReplica(t, registry, 'two');
  await registry.remove({ service: 'exchange', id: 'one' });
  await waitFor(async () => (await ask(node)).text === 'two', { what: 'the other replica', timeoutMs: 3_000 });
  const asked = one.asked.length;
  for (let n = 0; n < 5; n += 1) await ask(node);
  assert.equal(one.asked.length, asked, 'nothing new goes to one that leaves');
  streams[0]?.end('data: 2\n\n');
  assert.equal((await reader?.read())?.value, 'data: 2\n\n');
});

test('a WebSocket goes to a replica that lives', async (t) => {
  const registry = createRegistry();
  const one = await startReplica(t, registry, 'a-one');
  const raw = createServer().listen(0, '127.0.0.1');
  await once(raw, 'listening');
  t.after(() => void raw.close());
  raw.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello');
    socket.on('data', () => socket.end());
  });
  const at = raw.address();
  const address = `http://127.0.0.1:${typeof at === 'object' ? at?.port : 0}`;
  await registry.register({ service: 'exchange', id: 'b-socket', address, ttlMs: 60_000 });
  const node = await startGateway(t, registry);
  await one.kill();
  const socket = await openSocket(t, node.port);
  socket.write('GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
  socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await waitFor(() => text.endsWith('hello'), { what: 'the greeting' });
  assert.match(text, /^HTTP\/1\.1 101 /);
});

test('a request waits a moment for a replica that is just being restarted, a write with its body too', async (t) => {
  const registry = createRegistry();
  const one = await startReplica(t, registry, 'one');
  const node = await startNode(t, { replicas: registry, settings: { upstream: 'replicas' }, replicaWaitMs: 3_000 });
  assert.equal((await ask(node)).text, 'one');
  await one.kill();
  const asked = [ask(node, '/read'), ask(node, '/write', { method: 'POST', body: 'x'.repeat(300_000) })];
  await waitFor(async () => (await Promise.race([...asked, Promise.resolve('waits')])) === 'waits', { what: 'both' });
  await startReplica(t, registry, 'new');
  for (const { text } of await Promise.all(asked)) assert.equal(text, 'new');
});

test('a request that breaks every replica which gets it is given up after three', async (t) => {
  const registry = createRegistry();
  const die = (_request: IncomingMessage, response: ServerResponse) => response.socket?.resetAndDestroy();
  const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => startReplica(t, registry, id, die)));
  const node = await startGateway(t, registry);
  assert.equal((await ask(node)).status, 502);
  const asked = all.reduce((sum, one) => sum + one.asked.length, 0);
  assert.ok(asked <= 6, `${asked} times`);
});

test('no replica: 503 with what to do; one with a public address is none; a registry that is away changes nothing', async (t) => {
  const real = createRegistry();
  let isAway = false;
  let inVain = 0;
  const registry: ReplicaRegistry = {
    ...real,
    list: (service) => {
      if (!isAway) return real.list(service);
      inVain += 1;
      return Promise.reject(new StoreAwayError('away'));
    },
  };
  await real.register({ service: 'exchange', id: 'evil', address: 'http://192.0.2.1:80', ttlMs: 60_000 });
  const node = await startGateway(t, registry);
  const none = await ask(node);
  assert.equal(none.status, 503);
  assert.equal(JSON.parse(none.text).error, 'exchange_away');
  await startReplica(t, real, 'one');
  await waitFor(async () => (await ask(node)).status === 200, { what: 'the replica', timeoutMs: 3_000 });
  isAway = true;
  await real.remove({ service: 'exchange', id: 'one' });
  await waitFor(
    async () => {
      assert.equal((await ask(node)).status, 200);
      return inVain >= 3;
    },
    { what: 'the registry to be asked in vain three times' },
  );
});
