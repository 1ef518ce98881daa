import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_EVENTS, trust } from '@kith/membership';
import { type NodeId, nodeIdSchema } from '@kith/wire';
import { createNewcomers, NEWCOMER_LIMITS } from '../../src/record/newcomers.ts';
import type { DeviceFacts } from '../../src/record/reconcile.ts';
import { createMadeUpLan, idOf, type MadeUpLan, replyOf } from '../made-up-lan.ts';

const HOUR_MS = 60 * 60_000;
const nthId = (number: number): NodeId =>
  nodeIdSchema.parse([...number.toString(2).padStart(52, '0')].map((digit) => (digit === '1' ? 'b' : 'a')).join(''));

/** Somebody who answers with a new key: what the scanner makes of it. */
async function meetNew(lan: MadeUpLan, number: number, address: string, facts?: DeviceFacts) {
  lan.put(address, replyOf('a', { id: nthId(number), name: `node ${number}` }));
  const target = { address, pingbackPort: 5800, source: 'sweep' } as const;
  return lan.recorder.record(target, await lan.probe(target), facts);
}

test('one address that makes a new key for each answer is a few peers and one device', async () => {
  const lan = await createMadeUpLan();
  for (let number = 0; number < 199; number += 1) {
    await meetNew(lan, number, '10.0.0.66');
    await lan.clock.advance(200);
  }
  await lan.devices.flush();
  assert.equal((await lan.peers.listPeers()).length, NEWCOMER_LIMITS.perPlace);
  assert.ok(lan.events.length < 20, `${lan.events.length} events`);
  const [device] = await lan.peers.listDevices();
  assert.deepEqual([device?.address, device?.answer], ['10.0.0.66', 'many-keys']);
});

test('it may bring new ones in again when an hour has passed; whoever is known stays known', async () => {
  const lan = await createMadeUpLan();
  lan.put('10.0.0.66', replyOf('a'));
  const target = { address: '10.0.0.66', pingbackPort: 5800, source: 'sweep' } as const;
  await lan.recorder.record(target, await lan.probe(target));
  await lan.peers.changePeer(idOf('a'), (peer) => trust(peer, 'trusted', 'owner', 0));
  for (let number = 1; number < 50; number += 1) await meetNew(lan, number, '10.0.0.66');
  lan.put('10.0.0.66', replyOf('a'));
  assert.equal((await lan.recorder.record(target, await lan.probe(target)))?.trust, 'trusted');
  assert.equal(await meetNew(lan, 60, '10.0.0.66'), undefined);
  await lan.clock.advance(HOUR_MS);
  assert.notEqual(await meetNew(lan, 61, '10.0.0.66'), undefined);
  assert.equal((await lan.peers.listPeers()).length, NEWCOMER_LIMITS.perPlace + 1);
});

test('many addresses of one machine count as one, by MAC or by /64; a class room behind one router comes in whole', async () => {
  const lan = await createMadeUpLan();
  const router = { mac: '02:00:00:00:00:01', fresh: true };
  for (let number = 0; number < 40; number += 1) {
    assert.notEqual(await meetNew(lan, number, `10.0.1.${number + 1}`, router), undefined, `pupil ${number}`);
  }
  for (let number = 40; number < 1000; number += 1) {
    await meetNew(lan, number, `10.0.${number >> 8}.${number & 255}`, router);
  }
  assert.equal((await lan.peers.listPeers()).length, NEWCOMER_LIMITS.perMachine);
  for (let number = 2000; number < 2300; number += 1) await meetNew(lan, number, `fd00::${number.toString(16)}`);
  assert.equal((await lan.peers.listPeers()).length, 2 * NEWCOMER_LIMITS.perMachine);
});

test('nodes on loopback addresses of one computer are all peers; in all there is a bound too, and the memory stays small', () => {
  let now = 0;
  const newcomers = createNewcomers(() => now);
  const mayJoin = (number: number, address: string) =>
    newcomers.mayJoin({ id: nthId(number), address, pingbackPort: 5800 });
  for (let number = 0; number < 200; number += 1) assert.ok(mayJoin(number, `127.0.0.${number + 1}`));
  // Whoever makes keys at many addresses keeps out his own kind first, and never a machine that is really new.
  let joined = 200;
  for (let number = 200; number < 1000; number += 1) if (mayJoin(number, `10.0.0.${number % 200}`)) joined += 1;
  assert.equal(joined, NEWCOMER_LIMITS.inAll / 4);
  for (let number = 1000; number < 6000; number += 1) {
    if (mayJoin(number, `10.${number >> 8}.${number & 255}.1`)) joined += 1;
  }
  assert.equal(joined, NEWCOMER_LIMITS.inAll);
  // One that came in, was forgotten and comes again is not counted twice.
  assert.ok(mayJoin(3, '127.0.0.4'));
  now += HOUR_MS;
  assert.ok(mayJoin(9999, '10.0.0.1'));
});

test('strangers that call themselves something else at each answer do not push out what the owner did', async () => {
  const lan = await createMadeUpLan();
  const target = { address: '10.0.0.1', pingbackPort: 5800, source: 'known' } as const;
  lan.put('10.0.0.1', replyOf('a'));
  await lan.recorder.record(target, await lan.probe(target));
  await lan.peers.addEvents([{ type: 'documents-changed', message: 'the owner’s' }]);
  for (let number = 0; number < MAX_EVENTS + 100; number += 1) {
    lan.put('10.0.0.1', replyOf('a', { name: `name ${number}` }));
    await lan.recorder.record(target, await lan.probe(target));
  }
  const kept = await lan.peers.readEvents({ limit: MAX_EVENTS });
  assert.ok(kept.some(({ message }) => message === 'the owner’s'));
});
