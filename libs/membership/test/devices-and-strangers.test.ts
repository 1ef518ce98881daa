import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDevice, sampleId, samplePeer } from '../compliance/samples.ts';
import {
  cleanDetail,
  DEVICE_FORGET_MS,
  DEVICE_LOST_MS,
  deviceChange,
  expireDevices,
  MAX_STRANGERS,
  STRANGER_FORGET_MS,
  strangersToForget,
} from '../src/index.ts';

const address = '10.0.0.9';
const mac = '02:00:00:00:00:01';

test('a device is found when it is live; a mere memory makes none', () => {
  assert.deepEqual(deviceChange(undefined, { address, mac, live: false }, 5), { device: undefined, events: [] });
  const { device, events } = deviceChange(undefined, { address, mac, live: true }, 5);
  assert.deepEqual(device, { address, mac, answer: 'unprobed', firstSeenAt: 5, lastSeenAt: 5 });
  assert.deepEqual(
    events.map(({ type, message }) => [type, message]),
    [['device-found', `10.0.0.9 (${mac}) is on the network.`]],
  );
});

test('a look without a probe keeps the answer, its evidence and its peer; a new answer replaces all three', () => {
  const known = sampleDevice(address, { answer: 'peer', peer: sampleId(1), detail: 'ana', mac });
  const swept = deviceChange(known, { address, answer: 'unprobed', live: true }, 50);
  assert.deepEqual(swept, { device: { ...known, lastSeenAt: 50 }, events: [] });
  const { device, events } = deviceChange(known, { address, answer: 'refused', live: true }, 60);
  assert.deepEqual(device, sampleDevice(address, { answer: 'refused', mac, lastSeenAt: 60 }));
  assert.match(events[0]?.message ?? '', /“refused” now, before “peer”/);
});

test('another hardware address at the same address is told', () => {
  const known = sampleDevice(address, { mac });
  const { events } = deviceChange(known, { address, mac: '02:00:00:00:00:02', live: true }, 5);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['device-changed'],
  );
});

test('evidence from strangers is cut and cleaned', () => {
  assert.equal(cleanDetail(`a\r\n\u202Eb\u0000c ${'x'.repeat(1000)}`).slice(0, 6), 'a b c ');
  assert.equal(cleanDetail('x'.repeat(1000)).length, 200);
  const { device } = deviceChange(undefined, { address, answer: 'silent', detail: '\u001b[31mred', live: true }, 5);
  assert.equal(device?.detail, '[31mred');
});

test('a device that is not live is lost, told once, comes back as found, and is removed after a day', () => {
  const seen = sampleDevice(address, { lastSeenAt: 0 });
  assert.deepEqual(expireDevices([seen], DEVICE_LOST_MS), { lost: [], gone: [], events: [] });
  const { lost, gone, events } = expireDevices([seen], DEVICE_LOST_MS + 1);
  assert.deepEqual([gone, events[0]?.type, lost[0]?.lostAt], [[], 'device-lost', DEVICE_LOST_MS + 1]);
  assert.deepEqual(expireDevices(lost, DEVICE_LOST_MS + 2), { lost: [], gone: [], events: [] });
  const remembered = deviceChange(lost[0], { address, live: false }, DEVICE_LOST_MS + 3);
  assert.deepEqual([remembered.device?.lostAt, remembered.events], [DEVICE_LOST_MS + 1, []]);
  const back = deviceChange(lost[0], { address, live: true }, DEVICE_LOST_MS + 4);
  assert.deepEqual([back.device?.lostAt, back.events[0]?.type], [undefined, 'device-found']);
  assert.deepEqual(expireDevices(lost, DEVICE_FORGET_MS + 1).gone, [address]);
});

test('strangers that are long away are forgotten; whoever was decided about never is', () => {
  const old = { state: 'dead', lastSeenAt: 0 } as const;
  const all = [
    samplePeer(1, old),
    samplePeer(2, { ...old, trust: 'trusted' }),
    samplePeer(3, { ...old, trust: 'blocked' }),
    samplePeer(4, { ...old, state: 'alive' }),
    samplePeer(5, { ...old, state: 'left', lastSeenAt: 2 }),
  ];
  assert.deepEqual(strangersToForget(all, STRANGER_FORGET_MS + 1), [sampleId(1)]);
});

test('a host that makes up identities cannot fill the table: the strangers seen last stay', () => {
  const all = Array.from({ length: MAX_STRANGERS + 3 }, (_, number) => samplePeer(number));
  assert.deepEqual(strangersToForget(all, 2000), [2, 1, 0].map(sampleId));
});
