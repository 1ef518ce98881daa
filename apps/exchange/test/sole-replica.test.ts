import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createMemoryReplicaRegistry,
  createMemoryReplicaState,
  type ReplicaRegistry,
  StoreAwayError,
} from '@kith/membership';
import { type Log, silentLog } from '@kith/service';
import { createFakeClock } from '@kith/testing';
import { createSoleReplica } from '../src/replicas/sole-replica.ts';

function setUp() {
  const clock = createFakeClock();
  const state = createMemoryReplicaState();
  const errors: string[] = [];
  const log = { ...silentLog, warn: () => {}, error: (_: object, text: string) => errors.push(text) } as unknown as Log;
  const open = (registry: ReplicaRegistry = createMemoryReplicaRegistry({ clock, state })) =>
    createSoleReplica({ registry, clock, log });
  return { clock, open, errors };
}
const settled = (promise: Promise<void>) =>
  promise.then(
    () => 'started',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );

test('a second exchange on an embedded file is refused with what to do; after the first has stopped it starts', async () => {
  const { clock, open } = setUp();
  const [first, second, third] = [open(), open(), open()];
  assert.equal(await settled(first.start()), 'started');
  const starting = settled(second.start());
  await clock.advance(10_000);
  assert.match(await starting, /^bad_configuration: .*KITH_ELASTICSEARCH_URL/s);
  await first.stop();
  assert.equal(await settled(third.start()), 'started');
  await third.stop();
});

test('one that was killed is waited for; one after a clean stop starts at once', async () => {
  const { clock, open } = setUp();
  const gone = createMemoryReplicaState();
  const killed = createMemoryReplicaRegistry({ clock, state: gone });
  await killed.acquire({ name: 'documents-file', holder: 'killed', ttlMs: 6_000 });
  const next = open(createMemoryReplicaRegistry({ clock, state: gone }));
  const starting = settled(next.start());
  await clock.advance(7_000);
  assert.equal(await starting, 'started');
  await next.stop();
});

test('where Redis is away it starts, and tells if another one has begun meanwhile', async () => {
  const { clock, open, errors } = setUp();
  const state = createMemoryReplicaState();
  const real = createMemoryReplicaRegistry({ clock, state });
  let isAway = true;
  const away = () => Promise.reject(new StoreAwayError('away'));
  const registry: ReplicaRegistry = {
    ...real,
    acquire: (lease) => (isAway ? away() : real.acquire(lease)),
    renew: (lease, ttlMs) => (isAway ? away() : real.renew(lease, ttlMs)),
    list: (service) => (isAway ? away() : real.list(service)),
  };
  const one = open(registry);
  const starting = settled(one.start());
  await clock.advance(9_000);
  assert.equal(await starting, 'started');
  isAway = false;
  await clock.advance(1_000);
  isAway = true;
  await clock.advance(20_000);
  assert.deepEqual(errors, []);
  await createMemoryReplicaRegistry({ clock, state }).acquire({ name: 'documents-file', holder: 'x', ttlMs: 60_000 });
  isAway = false;
  await clock.advance(3_000);
  assert.match(errors[0] ?? '', /another exchange/);
  await one.stop();
});
