import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { MembershipEvent, PeerStore } from '@kith/membership';
import { createCollector } from '@kith/membership/compliance/collector';
import { countUp, sampleEvent, sampleId, samplePeer } from '@kith/membership/compliance/samples';
import { hasBinary, skipUnless, waitFor } from '@kith/testing';
import { openRedisPeerStore } from '../src/index.ts';
import { createLineLog, quietLog } from './quiet-log.ts';
import { startRedis, type TestRedis } from './redis-server.ts';

const skip = skipUnless(hasBinary('redis-server'), 'no redis-server');
const clock = { now: () => Date.now() };
const away = { code: 'store_away' };
const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];

async function connect(t: TestContext, redis: TestRedis, log = quietLog): Promise<PeerStore> {
  const store = await openRedisPeerStore({ url: redis.url, clock, log });
  t.after(() => store.close());
  return store;
}

/** A call that hangs would end with the time limit of the whole test only. */
const assertAway = (call: () => Promise<unknown>) => assert.rejects(call(), away);

/** Refused without another wait: no timer of this process, however short the wait, comes first. */
async function assertAwayAtOnce(t: TestContext, call: () => Promise<unknown>): Promise<void> {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await assertAway(call);
  t.mock.timers.reset();
}

const numbers = (events: readonly MembershipEvent[]) => events.map((event) => event.data?.number);

test(
  'Redis is killed and comes back: refusals without a wait, then everything goes on, and followers lose nothing',
  {
    skip,
  },
  async (t) => {
    const redis = await startRedis(t, { arguments: durable });
    const log = createLineLog();
    const store = await connect(t, redis, log);
    const other = await connect(t, redis);
    const seen = createCollector<MembershipEvent>();
    await store.followEvents(seen.listener);
    const id = sampleId(1);
    await store.changePeer(id, countUp(id));
    await seen.until(1);
    await redis.stop();
    await assertAway(() => store.listPeers());
    const all = [
      () => store.getPeer(id),
      () => store.changePeer(id, countUp(id)),
      () => store.putDevices([]).then(() => store.listDevices()),
      () => store.readEvents({ limit: 1 }),
      () => store.followEvents(() => {}),
      () => store.writeStatus({ documents: { count: 1, version: 1 } }),
    ];
    // It is known to be away by now: no more grace.
    for (const call of all) await assertAwayAtOnce(t, call);
    await redis.start();
    for (const one of [other, store]) {
      await waitFor(() => one.addEvents([sampleEvent(100)]).then(() => true), { what: 'Redis again', timeoutMs: 8000 });
    }
    assert.equal((await store.getPeer(id))?.incarnation, 1);
    await seen.until(3);
    assert.deepEqual(numbers(seen.items), [1, 100, 100]);
    // One line when it went, one when it came back, whatever the number of attempts.
    const told = log.lines.filter((line) => /away/.test(line)).length;
    assert.ok(told >= 1 && told <= 3, log.lines.join('\n'));
  },
);

test('a Redis that hangs is refused as one that is gone', { skip }, async (t) => {
  const redis = await startRedis(t);
  const store = await connect(t, redis);
  const peer = samplePeer(1);
  await store.changePeer(peer.id, () => ({ peer, events: [] }));
  redis.signal('SIGSTOP');
  // Twenty writers that wait for each other's turn do not add up their waits, which would make more than half a minute.
  const all = Array.from({ length: 20 }, () => [
    () => store.changePeer(peer.id, () => ({ peer: undefined, events: [] })),
    () => store.getPeer(peer.id),
  ]).flat();
  const added = new AbortController();
  const first = await Promise.race([
    Promise.all(all.map(assertAway)).then(() => 'each has waited its own time'),
    pause(20_000, 'the waits add up', { signal: added.signal }),
  ]);
  added.abort();
  assert.equal(first, 'each has waited its own time');
  redis.signal('SIGCONT');
  await waitFor(() => store.listPeers().then(() => true), { what: 'Redis to answer', timeoutMs: 8000 });
  assert.deepEqual(await store.getPeer(peer.id), peer);
});

test('a connection that is cut again and again while others write loses and repeats no event', { skip }, async (t) => {
  const redis = await startRedis(t);
  const reader = await connect(t, redis);
  const writer = await connect(t, redis);
  const seen = createCollector<MembershipEvent>();
  await reader.followEvents(seen.listener);
  for (let number = 1; number <= 40; number += 1) {
    await waitFor(() => writer.addEvents([sampleEvent(number)]).then(() => true), { what: 'a connection' });
    if (number % 10 === 5) redis.cli('CLIENT', 'KILL', 'TYPE', 'normal');
  }
  await waitFor(() => reader.listPeers().then(() => true), { what: 'the reader’s connection' });
  const log = await reader.readEvents({ limit: 1000 });
  await seen.until(log.length);
  assert.deepEqual(seen.items, log);
  assert.deepEqual(
    [...new Set(numbers(log))],
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
});

test('Redis is away at the start: the store opens, refuses, and works once it is there', { skip }, async (t) => {
  const redis = await startRedis(t);
  await redis.stop();
  const store = await connect(t, redis);
  await assertAway(() => store.listPeers());
  await redis.start();
  await waitFor(() => store.listPeers().then(() => true), { what: 'Redis', timeoutMs: 8000 });
  const seen = createCollector<MembershipEvent>();
  await store.followEvents(seen.listener);
  await store.addEvents([sampleEvent(1)]);
  await seen.until(1);
});

test('a Redis that was emptied goes on: events after that are followed too', { skip }, async (t) => {
  const redis = await startRedis(t);
  const store = await connect(t, redis);
  const seen = createCollector<MembershipEvent>();
  await store.followEvents(seen.listener);
  await store.addEvents([sampleEvent(1)]);
  await seen.until(1);
  redis.cli('FLUSHALL');
  await store.addEvents([sampleEvent(2)]);
  await seen.until(2);
  assert.deepEqual(await store.listPeers(), []);
  assert.deepEqual(numbers(await store.readEvents({ after: seen.items[0]?.cursor, limit: 10 })), [2]);
});

test('a Redis that answers and takes nothing says why, and what to do', { skip }, async (t) => {
  const redis = await startRedis(t);
  const store = await connect(t, redis);
  const id = sampleId(1);
  await store.changePeer(id, countUp(id));
  redis.cli('CONFIG', 'SET', 'maxmemory', '1');
  const write = () => store.writeStatus({ documents: { count: 1, version: 1 } });
  await assert.rejects(write(), { code: 'store_away', message: /memory is full/ });
  assert.equal((await store.listPeers()).length, 1, 'what it holds is read');
  redis.cli('CONFIG', 'SET', 'maxmemory', '0');
  await write();
  redis.cli('REPLICAOF', redis.host, '1');
  await assert.rejects(store.changePeer(id, countUp(id)), { code: 'store_away', message: /is a replica/ });
  redis.cli('REPLICAOF', 'NO', 'ONE');
  await waitFor(
    () =>
      store.changePeer(id, countUp(id)).then(
        () => true,
        () => false,
      ),
    { what: 'the master to be back' },
  );
});
