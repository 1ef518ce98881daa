import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { makePairingCode, openIdentity, parsePairingCode } from '@kith/identity';
import { tempDirectory, waitFor } from '@kith/testing';
import { peerSecureContext } from '../src/door/tls-context.ts';
import { introduce, type Node, type NodeOptions, startNode } from './gateway-rig.ts';
import { readAnswer } from './raw-http.ts';

const code = parsePairingCode(makePairingCode());
const otherCode = parsePairingCode(makePairingCode());
const peerOf = (node: Node, other: Node) => node.peers.getPeer(other.identity.id);
const withCode = (pairingCode: typeof code | undefined): NodeOptions => ({ settings: { pairingCode } });

async function twoNodes(t: TestContext, one: NodeOptions = {}, other: NodeOptions = {}) {
  const ana = await startNode(t, { name: 'ana', ...one });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2', ...other });
  return [ana, bob] as const;
}
async function meet(ana: Node, bob: Node): Promise<void> {
  await introduce(ana, bob);
  await introduce(bob, ana);
}
async function trustBy(ana: Node, bob: Node, by: 'owner' | 'code'): Promise<void> {
  for (const [one, other] of [
    [ana, bob],
    [bob, ana],
  ] as const) {
    await waitFor(async () => (await peerOf(one, other))?.trustedBy === by, { what: `trust by ${by}` });
  }
}

test('two nodes that find each other stay pending, and nothing is exchanged by itself', async (t) => {
  const [ana, bob] = await twoNodes(t);
  await meet(ana, bob);
  assert.equal((await peerOf(ana, bob))?.trust, 'pending');
  for (const node of [ana, bob]) {
    assert.deepEqual(await (await fetch(`http://${node.address}:${node.port}/_kith/comparison`)).json(), {});
  }
});

test('the same pairing code: both trust each other at once', async (t) => {
  const [ana, bob] = await twoNodes(t, withCode(code), withCode(code));
  await meet(ana, bob);
  await trustBy(ana, bob, 'code');
});

const otherCodes: [name: string, one: typeof code | undefined, other: typeof code | undefined][] = [
  ['different codes', code, otherCode],
  ['a code on one side', code, undefined],
  ['a code on the other side', undefined, code],
];
for (const [name, one, other] of otherCodes) {
  test(`${name}: nobody is trusted`, async (t) => {
    const [ana, bob] = await twoNodes(t, withCode(one), withCode(other));
    await meet(ana, bob);
    const answer = await say(t, ana, bob.identity, 'code', { proof: 'A'.repeat(43) });
    assert.equal(answer.status, 403);
    assert.equal((await peerOf(ana, bob))?.trust, 'pending');
    assert.equal((await peerOf(bob, ana))?.trust, 'pending');
  });
}

test('a code does not lift a block', async (t) => {
  const [ana, bob] = await twoNodes(t, withCode(code), withCode(code));
  await introduce(ana, bob, { trust: 'blocked' });
  await introduce(bob, ana);
  const answer = await say(t, ana, bob.identity, 'code', { proof: 'A'.repeat(43) });
  assert.deepEqual([answer.status, JSON.parse(answer.body).error], [403, 'peer_blocked']);
  // Whatever bob tried in the meantime, now or when ana begins anew:
  await introduce(ana, bob, { trust: 'blocked', instance: 'fedcba9876543210' });
  assert.equal((await peerOf(ana, bob))?.trust, 'blocked');
});

test('what the owner took back, the code does not give again', async (t) => {
  const [ana, bob] = await twoNodes(t, withCode(code), withCode(code));
  await meet(ana, bob);
  await trustBy(ana, bob, 'code');
  await fetch(`http://127.0.0.1:${ana.port}/_kith/peers/bob/trust`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"trust":"pending"}',
  });
  // A restart of bob makes ana consider it anew, and bob shows the right code again.
  await introduce(ana, bob, { instance: 'fedcba9876543210' });
  await bob.peers.changePeer(ana.identity.id, (current) => {
    assert.ok(current);
    const { trustedBy: _code, ...peer } = current;
    return { peer: { ...peer, trust: 'pending' }, events: [{ type: 'peer-pending', message: 'again', peer: peer.id }] };
  });
  await waitFor(async () => (await peerOf(bob, ana))?.trustedBy === 'code', { what: 'bob to show the code again' });
  assert.equal((await peerOf(ana, bob))?.trust, 'pending');
});

async function say(
  t: TestContext,
  node: Node,
  as: Awaited<ReturnType<typeof openIdentity>>,
  what: string,
  message: object | string,
) {
  const socket: TLSSocket = connectTls({
    host: node.address,
    port: node.port,
    rejectUnauthorized: false,
    secureContext: peerSecureContext(as),
  });
  socket.on('error', () => {});
  t.after(() => void socket.destroy());
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  socket.write(
    `POST /_kith/pairing/${what} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  return readAnswer(socket);
}

/** A peer that plays by hand; known to `ana`, so that it may begin an exchange. */
async function handPeer(t: TestContext) {
  const ana = await startNode(t, { name: 'ana' });
  const identity = await openIdentity(tempDirectory(t));
  const peer = { name: 'eve', identity, peers: ana.peers, port: 1, address: '127.0.0.3', stop: async () => {} };
  await introduce(ana, peer);
  return { ana, identity, peer };
}

test('guessing at the code is stopped after a few tries', async (t) => {
  const { ana, identity } = await handPeer(t);
  const statuses: number[] = [];
  for (let i = 0; i < 14; i += 1) {
    statuses.push((await say(t, ana, identity, 'code', { proof: 'A'.repeat(43) })).status);
  }
  assert.deepEqual(statuses, [...Array(10).fill(403), ...Array(4).fill(429)]);
});

test('messages that are not as they should be are refused, whatever they are', async (t) => {
  const { ana, identity } = await handPeer(t);
  const messages: [what: string, message: object | string, statuses: number[]][] = [
    ['commit', {}, [400]],
    ['commit', { commitment: 1 }, [400]],
    ['commit', { commitment: 'A'.repeat(43) }, [409]],
    ['reveal', { nonce: 'A'.repeat(43) }, [409]],
    ['knock', { more: 1 }, [400]],
    ['knock', 'true', [400]],
    ['say', { same: 'yes' }, [400]],
    ['commit', { commitment: 'A'.repeat(44) }, [400]],
    ['commit', { commitment: 'A'.repeat(43), more: 1 }, [400]],
    ['commit', '{"__proto__":{}}', [400]],
    ['commit', '{', [400]],
    ['commit', JSON.stringify({ commitment: 'A'.repeat(5_000) }), [413]],
    ['code', { proof: 'A'.repeat(43) }, [403]],
    ['nothing', {}, [404]],
  ];
  for (const [what, message, statuses] of messages) {
    const { status } = await say(t, ana, identity, what, message);
    assert.ok(statuses.includes(status), `${what} ${JSON.stringify(message).slice(0, 60)}: ${status}`);
  }
  const stranger = await openIdentity(tempDirectory(t));
  assert.equal(
    (await say(t, ana, stranger, 'commit', { commitment: 'A'.repeat(43) })).status,
    503,
    'not yet looked at',
  );
});
