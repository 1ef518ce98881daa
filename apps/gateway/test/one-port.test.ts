import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { openIdentity } from '@kith/identity';
import { tempDirectory, waitFor } from '@kith/testing';
import { peerSecureContext } from '../src/door/tls-context.ts';
import { introduce, type Node, startNode } from './gateway-rig.ts';
import { exchange, ok, openSocket, readAnswer, startRawUpstream } from './raw-http.ts';

type Ending = Parameters<typeof startNode>[0];
const short = { firstByteMs: 300, handshakeMs: 300, headersMs: 400 };
const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

async function node(t: Ending, limits = {}): Promise<Node> {
  const upstream = await startRawUpstream(t, ({ socket }) => socket.write(ok()));
  return startNode(t, { settings: { upstream: upstream.origin }, limits });
}

async function tlsTo(t: Ending, { port }: Node, options: object = {}) {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  socket.on('error', () => {});
  t.after(() => void socket.destroy());
  return socket;
}

/** Resolves when the other end closes. */
async function closes(socket: Awaited<ReturnType<typeof openSocket>>): Promise<void> {
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

test('one port answers plain HTTP and mutual TLS', async (t) => {
  const ana = await node(t);
  assert.equal((await exchange(t, ana.port, GET)).status, 200);
  const bob = await openIdentity(tempDirectory(t));
  const socket = await tlsTo(t, ana, { secureContext: peerSecureContext(bob) });
  socket.write(GET);
  const answer = await readAnswer(socket);
  assert.equal(answer.status, 403);
  assert.equal(JSON.parse(answer.body).error, 'not_trusted_by_peer');
});

test('TLS without a certificate, and older TLS, get nothing', async (t) => {
  const ana = await node(t);
  const anonymous = await tlsTo(t, ana);
  anonymous.write(GET);
  assert.equal((await readAnswer(anonymous)).text, '');
  const old = await tlsTo(t, ana, { maxVersion: 'TLSv1.2' });
  assert.equal((await readAnswer(old)).text, '');
});

test('a resumed session counts for nothing: without a certificate of its own it is refused', async (t) => {
  const ana = await node(t);
  const bob = await openIdentity(tempDirectory(t));
  const secureContext = peerSecureContext(bob);
  const sessions: Buffer[] = [];
  const first = await tlsTo(t, ana, { secureContext });
  first.on('session', (session) => sessions.push(session));
  first.write(GET);
  await readAnswer(first);
  const session = sessions.at(-1);
  const second = await tlsTo(t, ana, { session });
  let isReused = false;
  second.on('secureConnect', () => {
    isReused = second.isSessionReused();
  });
  second.write(GET);
  const answer = await readAnswer(second);
  assert.ok(session, 'a session was offered');
  assert.equal(isReused, false);
  assert.equal(answer.text, '');
});

test('silence, half a handshake and slow headers are cut off in time', async (t) => {
  const long = { firstByteMs: 3_600_000, handshakeMs: 3_600_000, headersMs: 3_600_000 };
  const waiting = async (limits: object) => {
    const ana = await node(t, limits);
    const silent = await openSocket(t, ana.port);
    const half = await openSocket(t, ana.port);
    half.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    const slow = await openSocket(t, ana.port);
    slow.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ');
    const dribble = setInterval(() => slow.write('a'), 50);
    t.after(() => clearInterval(dribble));
    return [silent, half, slow];
  };
  // The same at a gateway that has all the time in the world: it is the limits that cut.
  const left = await waiting(long);
  await Promise.all((await waiting(short)).map(closes));
  assert.ok(left.every((socket) => !socket.closed));
});

test('hundreds of half-open handshakes do not keep others out', async (t) => {
  const ana = await node(t, { pendingInAll: 50, pendingPerAddress: 8 });
  const sockets = await Promise.all(Array.from({ length: 200 }, () => openSocket(t, ana.port)));
  for (const socket of sockets) socket.write(Buffer.from([0x16, 0x03, 0x01]));
  assert.equal((await exchange(t, ana.port, GET)).status, 200);
  const bob = await openIdentity(tempDirectory(t));
  const peer = await tlsTo(t, ana, { secureContext: peerSecureContext(bob) });
  peer.write(GET);
  assert.equal((await readAnswer(peer)).status, 403);
  await waitFor(() => sockets.filter((socket) => socket.destroyed || socket.readableEnded).length >= 140, {
    what: 'the oldest half-open ones to be dropped',
  });
});

const hostile: [name: string, request: string, statuses: number[]][] = [
  ['a flood of headers', `GET / HTTP/1.1\r\nHost: localhost\r\n${'a: b\r\n'.repeat(10_000)}\r\n`, [431]],
  ['one huge header', `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`, [431]],
  ['a huge target', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, [431]],
  [
    'length and chunks together',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    [400],
  ],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc', [400]],
  [
    'chunks that are not last',
    'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
    [400],
  ],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost : localhost\r\n\r\n', [400]],
  ['a folded header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n c\r\n\r\n', [400]],
  ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', [400]],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n', [400, 403]],
  ['DNS rebinding', 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', [403]],
  ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', [0]],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505, 0]],
  [
    'a POST of another site',
    'POST /_kith/look HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    [403],
  ],
  ['a wrong internal key', 'GET / HTTP/1.1\r\nHost: localhost\r\nKith-Key: x\r\nConnection: close\r\n\r\n', [403]],
  ['another proxy in front', 'GET /_kith/node HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.0.9\r\n\r\n', [403]],
];
test('hostile requests are refused, and none reaches the web app', async (t) => {
  const upstream = await startRawUpstream(t, ({ socket }) => socket.write(ok()));
  const ana = await startNode(t, { settings: { upstream: upstream.origin } });
  for (const [name, request, statuses] of hostile) {
    const { status, body } = await exchange(t, ana.port, request);
    assert.ok(statuses.includes(status), `${name}: ${status}`);
    // Node itself answers a missing Host, with an empty body.
    if (name !== 'no Host' && (status === 400 || status === 431))
      assert.match(body, /^\{"error":"[a-z_]+","message":"[^"]+"\}$/, name);
  }
  assert.deepEqual(
    upstream.requests.map(({ line }) => line),
    [],
  );
  assert.equal((await exchange(t, ana.port, GET)).status, 200, 'and the node lives');
});

test('a stranger gets one static page and nothing of this node', async (t) => {
  const ana = await node(t);
  const paths = ['/', '/_kith/node', '/peers/x/'];
  const pages = await Promise.all(
    paths.map((path) => exchange(t, ana.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nVia: 1.1 proxy\r\n\r\n`)),
  );
  assert.deepEqual(
    pages.map(({ status }) => status),
    [403, 403, 403],
  );
  assert.equal(new Set(pages.map(({ body }) => body)).size, 1);
  assert.ok(!pages[0]?.body.includes(ana.identity.id.slice(0, 8)));
  assert.equal(pages[0]?.headers.connection, 'close');
});

test('stopping lets a running answer end and closes idle connections', async (t) => {
  const upstream = await startRawUpstream(t, () => {});
  const ana = await startNode(t, { settings: { upstream: upstream.origin } });
  const idle = await openSocket(t, ana.port);
  idle.write('GET /_kith/peers HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(idle, 'data');
  const busy = await openSocket(t, ana.port);
  busy.write(GET);
  const answer = readAnswer(busy);
  const request = await waitFor(() => upstream.requests[0], { what: 'the request' });
  const stopped = ana.stop();
  await closes(idle);
  request.socket.write(ok('in time'));
  assert.equal((await answer).body, 'in time');
  await stopped;
});

test('a blocked peer is cut off at once', async (t) => {
  const upstream = await startRawUpstream(t, ({ socket }) => socket.write(ok()));
  const ana = await startNode(t, { settings: { upstream: upstream.origin } });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2' });
  await introduce(ana, bob, { trust: 'trusted' });
  const socket = await tlsTo(t, ana, { secureContext: peerSecureContext(bob.identity) });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  await introduce(ana, bob, { trust: 'blocked' });
  await closes(socket);
});
