import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../src/probe/candidates.ts';
import { createMadeUpLan, idOf, type MadeUpLan, replyOf, SELF } from './made-up-lan.ts';

async function meet(lan: MadeUpLan, address: string, source: Source = 'sweep') {
  const probed = await lan.probe({ address, pingbackPort: 5800 });
  return lan.recorder.record({ address, pingbackPort: 5800, source }, probed);
}
const typesOf = (lan: MadeUpLan) => lan.events.map(({ type }) => type).filter((type) => !type.startsWith('device-'));

test('a peer that is met first is asked once to look at us, unless it has just asked itself', async () => {
  const lan = await createMadeUpLan();
  lan.put('10.0.0.1', replyOf('a'));
  lan.put('10.0.0.2', replyOf('b'));
  for (let i = 0; i < 3; i += 1) await meet(lan, '10.0.0.1');
  await meet(lan, '10.0.0.2', 'asked');
  await meet(lan, '10.0.0.2', 'look');
  assert.deepEqual(
    lan.asked.filter(({ look }) => look).map(({ address }) => address),
    ['10.0.0.1'],
  );
});

test('two nodes with one name are two peers, and it is told', async () => {
  const lan = await createMadeUpLan();
  lan.put('10.0.0.1', replyOf('a', { name: 'Ana' }));
  lan.put('10.0.0.2', replyOf('b', { name: 'ana' }));
  await meet(lan, '10.0.0.1');
  await meet(lan, '10.0.0.2');
  assert.equal((await lan.peers.listPeers()).length, 2);
  assert.deepEqual(typesOf(lan), ['peer-found', 'peer-found', 'peer-same-name']);
});

test('a copy of a peer’s identity is told, and never takes the peer’s place', async () => {
  const lan = await createMadeUpLan();
  const first = replyOf('a', { instance: '1111111111111111', incarnation: 4 });
  const copy = replyOf('a', { instance: '2222222222222222', incarnation: 4 });
  lan.put('10.0.0.1', first);
  lan.put('10.0.0.2', copy);
  for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.2', '10.0.0.1']) {
    await meet(lan, address);
    await lan.clock.advance(1000);
  }
  assert.ok(typesOf(lan).includes('peer-clone'), typesOf(lan).join(' '));
  const peer = await lan.peers.getPeer(idOf('a'));
  assert.equal(peer?.addresses[0]?.address, '10.0.0.1');
});

test('a copy of the own identity is told once, and only after a second look', async () => {
  const lan = await createMadeUpLan();
  await lan.peers.writeStatus({ self: { instance: '1111111111111111', incarnation: 1, gatewayPort: 5805 } });
  lan.put('10.0.0.1', replyOf('s', { id: SELF, instance: '1111111111111111' }));
  await meet(lan, '10.0.0.1');
  assert.equal((await lan.peers.readStatus()).clone, undefined);
  lan.put('10.0.0.2', replyOf('s', { id: SELF, instance: '2222222222222222' }));
  await meet(lan, '10.0.0.2');
  await meet(lan, '10.0.0.2');
  assert.equal((await lan.peers.readStatus()).clone?.address, '10.0.0.2');
  assert.deepEqual(typesOf(lan), ['self-clone']);
  assert.deepEqual(await lan.peers.listPeers(), []);
});

test('devices that are no peers are kept with their reason; silent ones nobody heard of are not', async () => {
  const lan = await createMadeUpLan();
  lan.hosts.set('10.0.0.1', { answer: 'other-service', detail: 'HTTP 200: VNC\u0007', tookMs: 3 });
  lan.put('10.0.0.2', replyOf('a'));
  const target = { address: '10.0.0.1', pingbackPort: 5800, source: 'sweep' } as const;
  const neighbour = { mac: '02:00:00:00:00:01', fresh: true, isDefaultGateway: true };
  await lan.recorder.record(target, await lan.probe(target), neighbour);
  await meet(lan, '10.0.0.2');
  const silent = { answer: 'silent', detail: 'no answer in time', tookMs: 400 } as const;
  await lan.recorder.record({ ...target, address: '10.0.0.3' }, silent);
  await lan.recorder.record({ ...target, address: '10.0.0.4' }, silent, { fresh: true });
  await lan.devices.flush();
  const devices = await lan.peers.listDevices();
  assert.deepEqual(
    devices.map(({ address, answer, mac, isDefaultGateway, detail, peer }) => [
      address,
      answer,
      mac,
      isDefaultGateway,
      detail,
      peer,
    ]),
    [
      ['10.0.0.1', 'other-service', '02:00:00:00:00:01', true, 'HTTP 200: VNC', undefined],
      ['10.0.0.2', 'peer', undefined, undefined, undefined, idOf('a')],
      ['10.0.0.4', 'silent', undefined, undefined, 'no answer in time', undefined],
    ],
  );
});

test('a device that nobody hears any more is lost, then forgotten', async () => {
  const lan = await createMadeUpLan();
  lan.refuse('10.0.0.1');
  await meet(lan, '10.0.0.1');
  await lan.devices.flush();
  lan.hosts.delete('10.0.0.1');
  lan.clock.jump(16 * 60_000);
  // An old entry of the neighbour table is a memory and makes nobody live.
  const silent = { answer: 'silent', detail: 'no answer in time', tookMs: 400 } as const;
  const target = { address: '10.0.0.1', pingbackPort: 5800, source: 'neighbour' } as const;
  await lan.recorder.record(target, silent, { fresh: false });
  await lan.devices.expire();
  const [device] = await lan.peers.listDevices();
  assert.notEqual(device?.lostAt, undefined);
  lan.clock.jump(25 * 60 * 60_000);
  await lan.devices.expire();
  assert.deepEqual(await lan.peers.listDevices(), []);
});
