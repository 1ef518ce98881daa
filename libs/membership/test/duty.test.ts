import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kith/testing';
import {
  createDuty,
  createMemoryReplicaRegistry,
  createMemoryReplicaState,
  type DutyOptions,
  type ReplicaRegistry,
  StoreAwayError,
  untilAborted,
} from '../src/index.ts';

/** Two replicas with one state, and who of them works. */
function twoReplicas(options: Partial<DutyOptions> = {}) {
  const clock = createFakeClock();
  const state = createMemoryReplicaState();
  const working = new Set<string>();
  const cut = new Set<string>();
  const member = (holder: string) => {
    const real = createMemoryReplicaRegistry({ clock, state });
    const ask = <T>(work: () => Promise<T>) =>
      cut.has(holder) ? Promise.reject(new StoreAwayError('cut off')) : work();
    const registry: ReplicaRegistry = {
      ...real,
      acquire: (lease) => ask(() => real.acquire(lease)),
      renew: (lease, ttlMs) => ask(() => real.renew(lease, ttlMs)),
      release: (lease) => ask(() => real.release(lease)),
    };
    return createDuty({
      ...{ registry, name: 'folders', holder, clock, whileAway: 'stop', onError: assert.ifError },
      work: async (signal) => {
        working.add(holder);
        await untilAborted(signal);
        working.delete(holder);
      },
      ...options,
    });
  };
  return { clock, state, working, cut, one: member('one'), other: member('other') };
}

test('one of two works; after a clean stop the other does, at once', async () => {
  const { clock, working, one, other } = twoReplicas();
  one.start();
  await clock.advance(0);
  other.start();
  await clock.advance(20_000);
  assert.deepEqual([...working], ['one']);
  assert.deepEqual([one.isHeld(), other.isHeld()], [true, false]);
  await one.stop();
  assert.deepEqual([...working], []);
  await clock.advance(500);
  assert.deepEqual([...working], ['other']);
  await other.stop();
});

test('one that is cut off stops before the other begins, within ten seconds', async () => {
  const { clock, working, cut, one, other } = twoReplicas();
  one.start();
  await clock.advance(0);
  other.start();
  await clock.advance(3_000);
  cut.add('one');
  let idleMs = 0;
  for (let passed = 0; passed < 10_000; passed += 100) {
    await clock.advance(100);
    assert.ok(working.size < 2, 'never two');
    assert.ok(!(one.isHeld() && other.isHeld()));
    if (working.size === 0) idleMs += 100;
  }
  assert.deepEqual([...working], ['other']);
  assert.ok(idleMs > 0, 'the margin');
  await Promise.all([one.stop(), other.stop()]);
});

test('a process that was paused may write nothing when it wakes, though no timer of its has run', async () => {
  const { clock, one } = twoReplicas();
  one.start();
  await clock.advance(0);
  assert.ok(one.isHeld());
  const real = clock.monotonic();
  clock.monotonic = () => real + 4_000;
  assert.ok(!one.isHeld());
});

test('work that may go on does so while the registry is away, and ends when another has taken over', async () => {
  const { clock, state, working, cut, one, other } = twoReplicas({ whileAway: 'go on' });
  one.start();
  await clock.advance(0);
  cut.add('one');
  await clock.advance(60_000);
  assert.deepEqual([...working], ['one']);
  cut.delete('one');
  await clock.advance(3_000);
  assert.deepEqual([...working], ['one'], 'nobody else wanted it');
  assert.equal(state.leases.get('folders')?.holder, 'one');
  cut.add('one');
  other.start();
  await clock.advance(10_000);
  cut.delete('one');
  await clock.advance(3_000);
  assert.deepEqual([...working], ['other']);
  await Promise.all([one.stop(), other.stop()]);
});

test('work that fails is begun again; without a registry the duty is held from start to stop', async () => {
  const clock = createFakeClock();
  const errors: unknown[] = [];
  let begun = 0;
  const duty = createDuty({
    ...{ name: 'folders', holder: 'me', clock, whileAway: 'stop', onError: (error) => errors.push(error) },
    work: async (signal) => {
      begun += 1;
      if (begun === 1) throw new Error('not yet');
      await untilAborted(signal);
    },
  });
  assert.ok(!duty.isHeld());
  duty.start();
  assert.ok(duty.isHeld());
  await clock.advance(100_000);
  assert.equal(begun, 2);
  assert.equal(errors.length, 1);
  assert.ok(duty.isHeld());
  await duty.stop();
  assert.ok(!duty.isHeld());
});
