import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePairingCode, parsePairingCode } from '@kith/identity';
import { waitFor } from '@kith/testing';
import { introduce, type Node, startNode } from './gateway-rig.ts';

const peerOf = (node: Node, other: Node) => node.peers.getPeer(other.identity.id);
const code = parsePairingCode(makePairingCode());

async function two(t: Parameters<typeof startNode>[0], ...codes: (typeof code | undefined)[]) {
  const ana = await startNode(t, { name: 'ana', settings: { pairingCode: codes[0] } });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2', settings: { pairingCode: codes[1] } });
  return [ana, bob] as const;
}

test('two nodes that find each other show the same six digits', { timeout: 20_000 }, async (t) => {
  const [ana, bob] = await two(t);
  await introduce(ana, bob);
  await introduce(bob, ana);
  const check = await waitFor(async () => (await peerOf(ana, bob))?.check, { what: 'check number at ana' });
  assert.match(check, /^\d{6}$/);
  await waitFor(async () => (await peerOf(bob, ana))?.check === check, { what: 'the same number at bob' });
  assert.equal((await peerOf(ana, bob))?.trust, 'pending');
});
