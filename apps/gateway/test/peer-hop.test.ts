import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { introduce, startNode, startPair } from './gateway-rig.ts';
import { exchange, ok, startRawUpstream } from './raw-http.ts';

type Ending = Parameters<typeof startNode>[0];
const get = (path: string, host = 'localhost', fields = '') =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${fields}\r\n`;
const codeOf = (body: string) => JSON.parse(body).error as string;

async function pairWithApp(t: Ending, answer = ok('from bob', 'Set-Cookie: a=b\r\n')) {
  const upstream = await startRawUpstream(t, ({ socket }) => socket.write(answer));
  const pair = await startPair(t, {}, { settings: { upstream: upstream.origin } });
  return { pair, upstream };
}

test('a peer’s web app is reached by path, sandboxed, and by name, on an origin of its own', async (t) => {
  const { pair, upstream } = await pairWithApp(
    t,
    ok('from bob', 'Set-Cookie: a=b\r\nAccess-Control-Allow-Origin: *\r\n'),
  );
  const [ana] = pair;
  const byPath = await exchange(t, ana.port, get('/peers/bob/x?y'));
  assert.equal(byPath.body, 'from bob');
  assert.equal(byPath.headers['content-security-policy'], 'sandbox');
  assert.equal(byPath.headers['x-content-type-options'], 'nosniff');
  assert.equal(byPath.headers['access-control-allow-origin'], undefined);
  const byName = await exchange(t, ana.port, get('/x?y', `bob.localhost:${ana.port}`));
  assert.equal(byName.body, 'from bob');
  assert.equal(byName.headers['content-security-policy'], undefined);
  for (const { headers } of [byPath, byName]) assert.equal(headers['set-cookie'], undefined);
  assert.deepEqual(
    upstream.requests.map(({ line }) => line),
    ['GET /x?y HTTP/1.1', 'GET /x?y HTTP/1.1'],
  );
  for (const request of upstream.requests) assert.ok(!request.head.includes(ana.identity.internalKey));
});

test('a redirect below /peers/… stays there', async (t) => {
  const { pair } = await pairWithApp(t, 'HTTP/1.1 302 Found\r\nlocation: /next\r\ncontent-length: 0\r\n\r\n');
  assert.equal((await exchange(t, pair[0].port, get('/peers/bob/x'))).headers.location, '/peers/bob/next');
});

test('a service of this node reaches peers with the internal key, which stays here', async (t) => {
  const { pair, upstream } = await pairWithApp(t);
  const [ana, bob] = pair;
  const key = `Kith-Key: ${ana.identity.internalKey}\r\nKith-Role: service\r\n`;
  const answer = await exchange(t, ana.port, get(`/peers/${bob.identity.id}/api/status`, 'gateway:5805', key));
  assert.equal(answer.status, 200);
  assert.equal(upstream.requests[0]?.field('kith-role'), 'peer');
  assert.ok(!upstream.requests[0]?.head.includes(ana.identity.internalKey));
});

test('only the own exchange gets the internal key', async (t) => {
  const exchangeApp = await startRawUpstream(t, ({ socket }) => socket.write(ok()));
  const ana = await startNode(t, { settings: { exchangeUrl: exchangeApp.origin } });
  await exchange(t, ana.port, get('/'));
  assert.equal(exchangeApp.requests[0]?.field('kith-key'), ana.identity.internalKey);
});

test('another node at the address of a peer is refused before a byte is written', async (t) => {
  const [ana, bob] = await startPair(t);
  const eve = await startNode(t, { name: 'eve', address: '127.0.0.3' });
  await introduce(ana, bob, { addresses: ['127.0.0.3'], port: eve.port });
  await bob.stop();
  const answer = await exchange(t, ana.port, get('/peers/bob/x'));
  assert.equal(answer.status, 502);
  assert.equal(codeOf(answer.body), 'wrong_peer');
});

test('nothing of a request leaves towards a TLS server without the peer’s key', async (t) => {
  const [ana, bob] = await startPair(t);
  const cleartext: string[] = [];
  const { privateKeyPem: key, certificatePem: cert } = (await startNode(t, { address: '127.0.0.4' })).identity;
  const spy = createTlsServer({ key, cert }, (socket) => socket.on('data', (data) => cleartext.push(String(data))));
  spy.listen(0, '127.0.0.3');
  await once(spy, 'listening');
  t.after(() => void spy.close());
  await bob.stop();
  await introduce(ana, bob, { addresses: ['127.0.0.3'], port: portOf(spy) });
  const answer = await exchange(t, ana.port, get('/peers/bob/secret'));
  assert.equal(codeOf(answer.body), 'wrong_peer');
  assert.deepEqual(cleartext, []);
});

test('the newest address is tried first, and the others after it', async (t) => {
  const { pair } = await pairWithApp(t);
  const [ana, bob] = pair;
  const calls: string[] = [];
  const dead = createServer((socket) => {
    calls.push('dead');
    socket.destroy();
  });
  dead.listen(bob.port, '127.0.0.9');
  await once(dead, 'listening');
  t.after(() => void dead.close());
  await introduce(ana, bob, { addresses: ['127.0.0.2', '127.0.0.9'], port: bob.port });
  assert.equal((await exchange(t, ana.port, get('/peers/bob/x'))).body, 'from bob');
  assert.deepEqual(calls, ['dead']);
});

test('a peer that does not answer, or answers no TLS: 502 with its name', async (t) => {
  const [ana, bob] = await startPair(t);
  await bob.stop();
  const refused = await exchange(t, ana.port, get('/peers/bob/x'));
  assert.equal(codeOf(refused.body), 'peer_unreachable');
  assert.match(refused.body, /bob/);
  const noise = createServer((socket) => socket.end('220 smtp\r\n'));
  noise.listen(0, '127.0.0.3');
  await once(noise, 'listening');
  t.after(() => void noise.close());
  await introduce(ana, bob, { addresses: ['127.0.0.3'], port: portOf(noise) });
  assert.equal(codeOf((await exchange(t, ana.port, get('/peers/bob/x'))).body), 'peer_unreachable');
});

test('a peer that accepts and then says nothing does not hold a request for ever', async (t) => {
  const [ana, bob] = await startPair(t);
  await bob.stop();
  const mute = createServer(() => {});
  mute.listen(0, '127.0.0.3');
  await once(mute, 'listening');
  t.after(() => void mute.close());
  await introduce(ana, bob, { addresses: ['127.0.0.3'], port: portOf(mute) });
  const answer = await exchange(t, ana.port, get('/peers/bob/x'));
  assert.equal(codeOf(answer.body), 'peer_unreachable');
  connectTcp(portOf(mute), '127.0.0.3').destroy();
});

test('a peer that does not trust this node says so, in its own words', async (t) => {
  const [ana, bob] = await startPair(t);
  await introduce(bob, ana, { trust: 'blocked' });
  assert.equal(codeOf((await exchange(t, ana.port, get('/peers/bob/x'))).body), 'peer_blocked');
});

test('a store that is away stops nothing that goes to known peers', async (t) => {
  const { pair } = await pairWithApp(t);
  const [ana, bob] = pair;
  await ana.peers.close();
  await bob.peers.close();
  assert.equal((await exchange(t, ana.port, get('/peers/bob/x'))).body, 'from bob');
  const told = await exchange(t, ana.port, get('/_kith/peers'));
  assert.deepEqual([told.status, codeOf(told.body)], [503, 'store_away']);
});

test('a gateway that is its own upstream is told so at once', async (t) => {
  const first = await startNode(t);
  const { port } = first;
  await first.stop();
  const ana = await startNode(t, { settings: { gatewayPort: port, upstream: `http://127.0.0.1:${port}` } });
  const answer = await exchange(t, ana.port, get('/'));
  assert.equal(answer.status, 508);
});

function portOf(server: Server): number {
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  return address.port;
}
