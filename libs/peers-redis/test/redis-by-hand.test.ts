import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { countUp, fullPeer, sampleDevice, sampleId, samplePeer } from '@kith/membership/compliance/samples';
import { hasBinary, skipUnless } from '@kith/testing';
import { openRedisPeerStore } from '../src/index.ts';
import { createLineLog } from './quiet-log.ts';
import { startRedis } from './redis-server.ts';

const skip = skipUnless(hasBinary('redis-server') && hasBinary('redis-cli'), 'no redis-server and redis-cli');
const clock = { now: () => 1_795_000_000_000 };

async function opened(t: TestContext) {
  const redis = await startRedis(t);
  const log = createLineLog();
  const store = await openRedisPeerStore({ url: redis.url, clock, log });
  t.after(() => store.close());
  return { redis, log, store };
}

test('an administrator reads everything with redis-cli', { skip }, async (t) => {
  const { redis, store } = await opened(t);
  const peer = fullPeer(1);
  await store.changePeer(peer.id, () => ({
    peer,
    events: [{ type: 'peer-found', message: 'Zoë was found.', peer: peer.id, data: { count: 1 } }],
  }));
  await store.putDevices([sampleDevice('10.0.0.1', { mac: '02:00:00:00:00:01', isDefaultGateway: true })]);
  await store.writeStatus({ documents: { count: 3, version: 4 } });
  assert.equal(redis.cli('HGET', `kith:peer:${peer.id}`, 'name'), peer.name);
  assert.equal(redis.cli('HGET', `kith:peer:${peer.id}`, 'lastSeenAt'), String(peer.lastSeenAt));
  assert.equal(redis.cli('ZRANGE', 'kith:peers', '0', '-1'), peer.id);
  assert.match(redis.cli('HGETALL', 'kith:device:10.0.0.1'), /isDefaultGateway\ntrue/);
  assert.equal(redis.cli('HGET', 'kith:status', 'documents'), '{"count":3,"version":4}');
  assert.match(redis.cli('XREVRANGE', 'kith:events', '+', '-', 'COUNT', '1'), /peer-found\nmessage\nZoë was found\./);
  // Nothing but what keys.ts lists.
  const keys = redis.cli('KEYS', '*').split('\n').sort();
  const expected = ['device:10.0.0.1', 'devices', 'events', `peer:${peer.id}`, 'peers', 'status'];
  assert.deepEqual(
    keys,
    expected.map((key) => `kith:${key}`),
  );
});

test('a rule is called again where somebody else, even by hand, came between', { skip }, async (t) => {
  const { redis, store } = await opened(t);
  const id = sampleId(1);
  await store.changePeer(id, countUp(id));
  const before: (number | undefined)[] = [];
  const after = await store.changePeer(id, (current) => {
    before.push(current?.incarnation);
    if (before.length === 1) redis.cli('HSET', `kith:peer:${id}`, 'incarnation', '41');
    return countUp(id)(current);
  });
  assert.deepEqual(before, [1, 41]);
  assert.equal(after?.incarnation, 42);
  assert.deepEqual(
    (await store.latestEvents(10)).map((event) => event.data?.number),
    [1, 42],
  );
});

test('writers of one process wait for each other and call no rule twice', { skip }, async (t) => {
  const { store } = await opened(t);
  const id = sampleId(1);
  let calls = 0;
  const rule: ReturnType<typeof countUp> = (current) => {
    calls += 1;
    return countUp(id)(current);
  };
  const refused = store.changePeer(id, () => {
    throw new Error('this one fails and stops nobody');
  });
  await Promise.all([assert.rejects(refused), ...Array.from({ length: 20 }, () => store.changePeer(id, rule))]);
  assert.equal(calls, 20);
});

test('a peer or device that is deleted by hand is gone, and off the list', { skip }, async (t) => {
  const { redis, store } = await opened(t);
  for (const peer of [samplePeer(1), samplePeer(2)]) await store.changePeer(peer.id, () => ({ peer, events: [] }));
  await store.putDevices([sampleDevice('10.0.0.1')]);
  redis.cli('DEL', `kith:peer:${sampleId(1)}`, 'kith:device:10.0.0.1');
  assert.deepEqual(await store.listPeers(), [samplePeer(2)]);
  assert.deepEqual(await store.listDevices(), []);
  assert.equal(await store.getPeer(sampleId(1)), undefined);
  assert.equal(redis.cli('ZCARD', 'kith:peers'), '1');
});

test(
  'a record that is damaged is left out with the reason, once, and a sighting makes it whole',
  { skip },
  async (t) => {
    const { redis, log, store } = await opened(t);
    for (const peer of [samplePeer(1), samplePeer(2)]) await store.changePeer(peer.id, () => ({ peer, events: [] }));
    redis.cli('HSET', `kith:peer:${sampleId(1)}`, 'trust', 'very');
    redis.cli('HSET', 'kith:status', 'self', '{', 'documents', '{"count":-1}', 'nonsense', '1');
    redis.cli('XADD', 'kith:events', '*', 'type', 'no-such-type');
    for (let round = 0; round < 2; round += 1) {
      assert.deepEqual(await store.listPeers(), [samplePeer(2)]);
      assert.deepEqual(await store.latestEvents(10), []);
      assert.deepEqual(await store.readStatus(), { documents: { count: 0, version: 0 } });
    }
    assert.equal(log.lines.filter((line) => /damaged/.test(line)).length, 1);
    await store.changePeer(sampleId(1), (current) => ({ peer: current ?? samplePeer(1), events: [] }));
    assert.deepEqual(await store.listPeers(), [samplePeer(1), samplePeer(2)]);
  },
);
