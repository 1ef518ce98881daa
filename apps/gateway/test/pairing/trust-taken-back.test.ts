import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openIdentity } from '@kith/identity';
import { createMemoryPeerStore, type PeerStore } from '@kith/membership';
import { systemClock } from '@kith/service';
import { tempDirectory, waitFor } from '@kith/testing';
import { peerViewSchema } from '@kith/wire';
import { introduce, type Node, startNode } from '../gateway-rig.ts';
import { exchange, openSocket, startRawUpstream } from '../raw-http.ts';

/** A web app that never ends what it has begun: a download, a stream of events, a WebSocket. */
const endless = (t: TestContext) =>
  startRawUpstream(t, ({ line, socket }) => {
    if (line.includes('/tunnel')) {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\nhello');
    } else if (line.includes('/events')) {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n');
    } else {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n${'x'.repeat(1000)}`);
    }
  });

async function endlessPair(t: TestContext, peers?: PeerStore): Promise<[Node, Node]> {
  const { origin } = await endless(t);
  const settings = { upstream: origin };
  const before = peers && { identity: await openIdentity(tempDirectory(t)), peers };
  const ana = await startNode(t, { name: 'ana', settings, ...(before ? { before } : {}) });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2', settings });
  await introduce(ana, bob, { trust: 'trusted' });
  await introduce(bob, ana, { trust: 'trusted' });
  return [ana, bob];
}

/** Begins a request of `from`'s owner to the other node and resolves once the answer flows. */
async function begin(t: TestContext, from: Node, path: string): Promise<{ socket: Socket; ended: Promise<unknown> }> {
  const socket = await openSocket(t, from.port, from.address);
  const upgrade = path.endsWith('/tunnel') ? 'Connection: Upgrade\r\nUpgrade: websocket\r\n' : '';
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`);
  await once(socket, 'data');
  socket.resume();
  return { socket, ended: socket.closed ? Promise.resolve() : once(socket, 'close') };
}

function decide(node: Node, peer: string, how: 'trusted' | 'pending' | 'blocked' | 'forgotten'): Promise<Response> {
  const url = `http://${node.address}:${node.port}/_kith/peers/${peer}`;
  if (how === 'forgotten') return fetch(url, { method: 'DELETE' });
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}/trust`, { method: 'POST', headers, body: JSON.stringify({ trust: how }) });
}

for (const how of ['pending', 'blocked', 'forgotten'] as const) {
  test(`downloads, event streams and tunnels in both directions end when a peer is ${how}`, async (t) => {
    const [ana, bob] = await endlessPair(t);
    const running = await Promise.all(
      ['/download', '/events', '/tunnel'].flatMap((what) => [
        begin(t, bob, `/peers/ana${what}`),
        begin(t, ana, `/peers/bob${what}`),
      ]),
    );
    assert.ok((await decide(ana, 'bob', how)).ok);
    await Promise.all(running.map(({ ended }) => ended));
    const again = await exchange(
      t,
      bob.port,
      'GET /peers/ana/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      bob.address,
    );
    assert.equal(again.status, 403);
  });
}

/** A store whose writes of peers fail while `code` is set, as on a full disk or without Redis. */
function failingStore() {
  const store = createMemoryPeerStore({ clock: systemClock });
  const fault: { code: 'disk_full' | 'store_away' | undefined; tries: number } = { code: undefined, tries: 0 };
  const changePeer: PeerStore['changePeer'] = async (id, rule) => {
    if (fault.code === undefined) return store.changePeer(id, rule);
    fault.tries += 1;
    throw Object.assign(new Error('cannot write'), { code: fault.code });
  };
  return { store, fault, peers: { ...store, changePeer } };
}

for (const code of ['disk_full', 'store_away'] as const) {
  test(`${code}: a block is in force at once, and is written when that is possible`, async (t) => {
    const { store, fault, peers } = failingStore();
    const [ana, bob] = await endlessPair(t, peers);
    const running = [await begin(t, bob, '/peers/ana/download'), await begin(t, ana, '/peers/bob/download')];
    fault.code = code;
    const answer = await decide(ana, 'bob', 'blocked');
    assert.equal(answer.status, 200);
    const view = peerViewSchema.parse(await answer.json());
    assert.equal(view.trust, 'blocked');
    assert.match(view.warnings.join(), /in force, but cannot be written/);
    await Promise.all(running.map(({ ended }) => ended));
    // Whatever the store still says, and whatever it tells of the peer.
    await store.addEvents([{ type: 'peer-alive', message: 'bob is here', peer: bob.identity.id }]);
    const request = 'GET /peers/ana/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    assert.equal((await exchange(t, bob.port, request, bob.address)).status, 403);
    assert.equal((await store.getPeer(bob.identity.id))?.trust, 'trusted');
    // Trust is never given without the store.
    const giving = await fetch(`http://127.0.0.1:${ana.port}/_kith/peers/bob/trust`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"trust":"trusted"}',
    });
    assert.ok(giving.status >= 500);
    assert.equal((await exchange(t, bob.port, request, bob.address)).status, 403);
    fault.code = undefined;
    await waitFor(async () => (await store.getPeer(bob.identity.id))?.trust === 'blocked', {
      what: 'the block, written',
    });
    const after = peerViewSchema.parse(await (await fetch(`http://127.0.0.1:${ana.port}/_kith/peers/bob`)).json());
    assert.deepEqual(after.warnings, []);
  });
}

test('the decision that came last is the one that is written', async (t) => {
  const { store, fault, peers } = failingStore();
  const [ana, bob] = await endlessPair(t, peers);
  fault.code = 'disk_full';
  await decide(ana, 'bob', 'blocked');
  await decide(ana, 'bob', 'pending');
  fault.code = undefined;
  await waitFor(async () => (await store.getPeer(bob.identity.id))?.trust === 'pending', { what: 'the last decision' });
  const events = (await store.latestEvents(100)).map(({ type }) => type);
  assert.ok(!events.includes('peer-blocked'));
});

test('a block that comes while trust is still being written stands', async (t) => {
  const { store, peers: base } = failingStore();
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isSlow = false;
  const peers: PeerStore = {
    ...base,
    changePeer: async (id, rule) => {
      if (isSlow) {
        isSlow = false;
        begun.resolve();
        await gate.promise;
      }
      return base.changePeer(id, rule);
    },
  };
  const [ana, bob] = await endlessPair(t, peers);
  assert.ok((await decide(ana, 'bob', 'pending')).ok);
  isSlow = true;
  const giving = decide(ana, 'bob', 'trusted');
  await begun.promise;
  const taking = decide(ana, 'bob', 'blocked');
  const request = 'GET /peers/ana/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  await waitFor(async () => (await exchange(t, bob.port, request, bob.address)).body.includes('peer_blocked'), {
    what: 'the block to be in force',
  });
  gate.resolve();
  await Promise.all([giving, taking]);
  assert.equal((await store.getPeer(bob.identity.id))?.trust, 'blocked');
  assert.equal((await exchange(t, bob.port, request, bob.address)).status, 403);
});
