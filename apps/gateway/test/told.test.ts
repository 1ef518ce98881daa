import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { trust } from '@kith/membership';
import { peerSecureContext } from '../src/door/tls-context.ts';
import { introduce, type Node, startNode, startPair } from './gateway-rig.ts';

/** The answer of `to` to a request that `from` sends over a connection of its own. */
async function askTold(from: Node, to: Node): Promise<string> {
  const socket = connect({
    host: to.address,
    port: to.port,
    secureContext: peerSecureContext(from.identity),
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  socket.end('GET /_kith/told HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const documentsOf = async (node: Node, other: Node) => (await node.peers.getPeer(other.identity.id))?.documents;

test('a trusted peer learns the documents over its own connection, without asking twice', async (t) => {
  const ana = await startNode(t, { name: 'ana' });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2' });
  await bob.peers.writeStatus({ documents: { count: 312, version: 9 } });
  await introduce(bob, ana, { trust: 'trusted' });
  const told = new Promise<string>((resolve) => {
    void ana.peers.followEvents(({ type, message }) => type === 'peer-documents' && resolve(message));
  });
  await introduce(ana, bob, { trust: 'trusted' });
  assert.match(await told, /^bob \(\w{8}\) shares 312 documents now\.$/);
  assert.deepEqual(await documentsOf(ana, bob), { count: 312, version: 9 });
});

test('nobody else is told: not a pending peer, not one whose trust was taken back', async (t) => {
  const [ana, bob] = await startPair(t);
  assert.match(
    await askTold(ana, bob),
    /^HTTP\/1.1 200 [\s\S]*\{"name":"bob","documents":\{"count":0,"version":0\}\}$/,
  );
  const changed = new Promise((resolve) => {
    void bob.peers.followEvents(({ type }) => type === 'peer-pending' && setImmediate(resolve));
  });
  await bob.peers.changePeer(ana.identity.id, (current) => trust(current, 'pending', 'owner', 0));
  await changed;
  assert.match(await askTold(ana, bob), /^HTTP\/1.1 403 [\s\S]*not_trusted_by_peer/);
  const stranger = await startNode(t, { name: 'eve', address: '127.0.0.3' });
  assert.match(await askTold(stranger, bob), /^HTTP\/1.1 403 [\s\S]*not_trusted_by_peer/);
});
