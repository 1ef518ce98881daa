import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { verifyPingback } from '@kith/identity';
import { pingbackReplySchema } from '@kith/wire';
import { ask, newNonce, startPingback } from './running-pingback.ts';

const hasIpv6 = (networkInterfaces().lo ?? []).some(({ family }) => family === 'IPv6');

test('the answer is signed for the nonce and for the address that was asked', async (t) => {
  const { port, identity, instance } = await startPingback(t, { bind: hasIpv6 ? '::' : '0.0.0.0' });
  const hosts = ['127.0.0.1', '127.0.0.77', ...(hasIpv6 ? ['::1'] : [])];
  for (const host of hosts) {
    const nonce = newNonce();
    const { status, body } = await ask(port, `/?nonce=${nonce}`, { host });
    assert.equal(status, 200);
    const reply = pingbackReplySchema.parse(JSON.parse(body));
    assert.equal(verifyPingback(reply, { nonce, address: host }), 'ok');
    assert.equal(reply.address, host);
    assert.deepEqual(
      [reply.id, reply.name, reply.gatewayPort, reply.instance, reply.incarnation, reply.state],
      [identity.id, 'ana', 5805, instance, 7, 'running'],
    );
  }
});

test('an answer is kept by no cache, open to no other site, whatever the Host', async (t) => {
  const { port } = await startPingback(t);
  const { status, headers } = await ask(port, `/?nonce=${newNonce()}`, {
    headers: { host: 'evil.example', origin: 'https://evil.example' },
  });
  assert.equal(status, 200);
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers.connection, 'close');
  assert.match(String(headers['content-type']), /^application\/json/);
  assert.equal(headers['access-control-allow-origin'], undefined);
});

test('a question without a right nonce is told what to ask', async (t) => {
  const { port } = await startPingback(t);
  for (const path of [
    '/',
    '/?nonce=short',
    `/?nonce=${newNonce()}&nonce=${newNonce()}`,
    `/?nonce=${newNonce()}&look=2`,
  ]) {
    const { status, body } = await ask(port, path);
    assert.equal(status, 400, path);
    const { error, message } = JSON.parse(body);
    assert.equal(error, 'bad_request');
    assert.match(message, /GET \/\?nonce=</);
  }
});

test('nothing but GET and HEAD of / is answered', async (t) => {
  const { port } = await startPingback(t);
  const post = await ask(port, `/?nonce=${newNonce()}`, { method: 'POST' });
  assert.equal(post.status, 405);
  assert.equal(post.headers.allow, 'GET, HEAD');
  const elsewhere = await ask(port, `/metrics?nonce=${newNonce()}`);
  assert.equal(elsewhere.status, 404);
  const head = await ask(port, `/?nonce=${newNonce()}`, { method: 'HEAD' });
  assert.deepEqual([head.status, head.body], [200, '']);
  const long = await ask(port, `/?nonce=${newNonce()}`, { headers: { filler: 'x'.repeat(5000) } });
  assert.equal(long.status, 431);
});

test('an address that asks too often waits, and no other does', async (t) => {
  const { port } = await startPingback(t, { KITH_PINGBACK_RATE: '2' });
  const path = () => `/?nonce=${newNonce()}`;
  const statuses: number[] = [];
  for (let i = 0; i < 30; i += 1) statuses.push((await ask(port, path(), { from: '127.0.0.2' })).status);
  assert.ok(statuses.includes(200) && statuses.includes(429), statuses.join(' '));
  assert.equal((await ask(port, path(), { from: '127.0.0.3' })).status, 200);
});

test('strangers learn neither how many documents there are nor that they change', async (t) => {
  const { port, peers } = await startPingback(t, { KITH_PINGBACK_RATE: '1000' });
  const told = async () => JSON.parse((await ask(port, `/?nonce=${newNonce()}`)).body).documents;
  await peers.writeStatus({ documents: { count: 312, version: 9 } });
  assert.deepEqual(await told(), { count: 0, version: 0 });
});

test('a node that gives its name to trusted peers only shows the start of its id', async (t) => {
  const { port, identity } = await startPingback(t, { KITH_NAME_TO: 'trusted' });
  const reply = JSON.parse((await ask(port, `/?nonce=${newNonce()}`)).body);
  assert.equal(reply.name, `kith-${identity.id.slice(0, 8)}`);
  await assert.rejects(startPingback(t, { KITH_NAME_TO: 'nobody' }), /KITH_NAME_TO.*accepted: everybody, trusted/);
});

test('a port in use stops the start with what to do', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.after(() => taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await assert.rejects(startPingback(t, { port: String(port) }), /is taken by another program.*KITH_PINGBACK_PORT/);
});
