import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceAnswer } from '@kith/membership';
import { HOSTILE_NAMES, openHostile, waitFor } from '@kith/testing';
import { createProbe } from '../src/probe/probe.ts';
import { createLoopbackLan } from './loopback-lan.ts';
import { freePort, startScanner } from './running-scanner.ts';
import { newIdentity, servePeer, signedAnswer } from './signed-answers.ts';

/** What each hostile server must be shown as. */
const EXPECTED: Record<string, DeviceAnswer> = {
  refuses: 'refused',
  silence: 'silent',
  'slow-drip': 'silent',
  'slow-body': 'silent',
  replays: 'wrong-signature',
  relays: 'wrong-signature',
  'wrong-signature': 'wrong-signature',
};

const isJudged = ({ answer }: { readonly answer?: DeviceAnswer | undefined }) =>
  answer !== undefined && answer !== 'silent';

test('each hostile host is a device with its reason, and the peer among them is found as fast as alone', async (t) => {
  const port = await freePort();
  const [victim, peer] = [await newIdentity(t), await newIdentity(t)];
  const peerAddress = '127.0.4.200';
  await servePeer(t, { identity: peer, address: peerAddress, port });
  const addresses = new Map(HOSTILE_NAMES.map((name, i) => [`127.0.4.${10 + i}`, name]));
  for (const [host, name] of addresses) {
    const reply = JSON.stringify(signedAnswer(victim, { nonce: 'x'.repeat(22), address: host }));
    const server = await openHostile({ name, host, port, reply, relayTo: `http://${peerAddress}:${port}` });
    t.after(() => server.close());
  }
  const subnet = '127.0.4.0/24';
  const lan = createLoopbackLan({ subnet, hosts: [...addresses.keys(), peerAddress] });
  const { peers } = await startScanner(t, { lan, port });
  await waitFor(async () => (await peers.readStatus()).scanner?.lastSweepAt, { what: 'the end of the sweep' });
  const expectedOf = (address: string) => {
    const name = addresses.get(address);
    return name === undefined ? 'peer' : (EXPECTED[name] ?? 'other-service');
  };
  const devices = await waitFor(
    async () => {
      const all = await peers.listDevices();
      const others = all.filter(({ address, answer }) => answer !== expectedOf(address));
      // On a busy machine an answer can come too late to be judged: it is silence then, until the next look.
      for (const { address, answer } of others) {
        if (answer === 'silent') await peers.noteCandidate({ address, pingbackPort: port, source: 'owner' });
      }
      return all.length === addresses.size + 1 && (others.length === 0 || others.some(isJudged)) && all;
    },
    { what: 'all devices' },
  );
  const answers = devices.map(({ address, answer }) => [addresses.get(address) ?? 'the peer', answer]);
  const expected = [...HOSTILE_NAMES].map((name) => [name, EXPECTED[name] ?? 'other-service']);
  assert.deepEqual(answers.sort(), [...expected, ['the peer', 'peer']].sort());
  for (const { address, answer, detail } of devices) assert.ok(answer === 'peer' || detail, `${address}: no reason`);
  assert.deepEqual(
    (await peers.listPeers()).map(({ id }) => id),
    [peer.id],
  );
});

test('a probe ends whatever the other does, and leaves no connection behind', async (t) => {
  const { id: selfId } = await newIdentity(t);
  const probe = createProbe({ selfId, localAddress: undefined, monotonic: () => performance.now() });
  const reply = JSON.stringify(signedAnswer(await newIdentity(t), { nonce: 'x'.repeat(22), address: '127.0.4.9' }));
  const left = await Promise.all(
    HOSTILE_NAMES.map(async (name) => {
      const server = await openHostile({ name, host: '127.0.4.9', port: 0, reply });
      t.after(() => server.close());
      // Some of these servers go on for ever.
      await probe({ address: '127.0.4.9', pingbackPort: server.port }, { withinMs: 300 });
      return { name, open: () => server.open };
    }),
  );
  for (const { name, open } of left)
    await waitFor(() => open() === 0, { what: `the connection to ${name} to be gone` });
});
