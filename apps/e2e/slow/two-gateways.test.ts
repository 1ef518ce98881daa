import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makePairingCode } from '@kith/identity';
import { hasBinary, skipUnless, waitFor } from '@kith/testing';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { openSeparateNode } from '../src/nodes/separate-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(hasBinary('redis-server'), 'needs redis-server');

/** What any balancer does at layer 4: hands each connection on to the next of `ports` that accepts it. */
async function openBalancer(t: TestContext, address: string, port: number, ports: readonly number[]): Promise<void> {
  let turn = 0;
  const server = createServer((outside) => {
    outside.on('error', () => {});
    turn += 1;
    const tryPort = (left: number) => {
      const inside = connect({ host: address, port: ports[(turn + left) % ports.length] ?? 0, localAddress: address });
      inside.once('connect', () => outside.pipe(inside).pipe(outside));
      inside.on('error', () => (inside.readyState !== 'open' && left > 0 ? tryPort(left - 1) : outside.destroy()));
      outside.once('close', () => inside.destroy());
    };
    tryPort(ports.length - 1);
  });
  await new Promise<void>((done) => server.listen(port, address, done));
  t.after(() => server.close());
}

test('two gateways behind a balancer: owner and peers notice nothing of one that is killed', { skip }, async (t) => {
  const code = makePairingCode();
  const node = await openSeparateNode({ env: { KITH_PAIRING_CODE: code } });
  t.after(() => node.close());
  const [balancer, ports] = [5805, [5815, 5825]];
  await openBalancer(t, node.address, balancer, ports);
  const peerAddress = freeAddress();
  const [first] = await Promise.all([
    ...ports.map((port) => node.start('gateway', { KITH_GATEWAY_PORT: String(port) })),
    node.start('exchange'),
    node.start('pingback', { KITH_GATEWAY_PORT: String(balancer) }),
    node.start('scanner', { KITH_SEEDS: peerAddress }),
  ]);
  const peer = await startKithNode({
    ...{ data: join(node.folder, 'peer'), name: 'ben', door: { host: peerAddress, port: 5805 } },
    env: { KITH_BIND: peerAddress, KITH_SWEEP: 'off', KITH_SEEDS: node.address, KITH_PAIRING_CODE: code },
  });
  t.after(() => peer.kill());
  const owner = node.owner(balancer);
  await waitFor(() => owner.post('Lanterns', 'Lanterns burn oil.').catch(() => undefined), { what: 'the exchange' });
  await peer.post('Ropes', 'Ropes of hemp and oil.');
  const findBoth = async () => {
    const pages = await Promise.all([owner.search('oil'), peer.search('oil')]);
    return pages.every(({ results }) => results.length === 2);
  };
  await waitFor(findBoth, { what: 'both to find what both have', timeoutMs: 30_000 });
  await first?.kill();
  for (let n = 0; n < 20; n += 1) assert.ok(await findBoth(), `search ${n} after the kill`);
});
