import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryReplicaRegistry, createMemoryReplicaState, StoreAwayError } from '@kith/membership';
import { systemClock } from '@kith/service';
import { createFakeClock } from '@kith/testing';
import { createOneWriter } from '../src/index/one-writer.ts';

test('tasks of several replicas never overlap, and every replica gets its turns', async () => {
  const clock = systemClock;
  const state = createMemoryReplicaState();
  const done: string[] = [];
  let working = 0;
  const replica = async (holder: string) => {
    const oneWriter = createOneWriter({ registry: createMemoryReplicaRegistry({ clock, state }), holder, clock });
    for (let n = 0; n < 5; n += 1) {
      await oneWriter(async () => {
        working += 1;
        assert.equal(working, 1);
        await clock.sleep(10);
        working -= 1;
        done.push(holder);
      });
    }
  };
  await Promise.all(['a', 'b', 'c'].map(replica));
  assert.equal(done.length, 15);
  assert.equal(new Set(done.slice(0, 9)).size, 3, 'the courtesy');
});

test('one that was killed in its turn holds up the others for two seconds; a long task keeps its turn', async () => {
  const clock = createFakeClock();
  const registry = createMemoryReplicaRegistry({ clock });
  await registry.acquire({ name: 'ledger', holder: 'killed', ttlMs: 2_000 });
  const oneWriter = createOneWriter({ registry, holder: 'me', clock });
  let phase = 'waits';
  const working = oneWriter(async () => {
    phase = 'works';
    await clock.sleep(30_000);
    phase = 'is done';
  });
  await clock.advance(1_900);
  assert.equal(phase, 'waits');
  await clock.advance(200);
  assert.equal(phase, 'works');
  await clock.advance(20_000);
  assert.equal(await registry.acquire({ name: 'ledger', holder: 'other', ttlMs: 1_000 }), undefined);
  await clock.advance(10_000);
  await working;
  assert.equal(phase, 'is done');
  assert.ok(await registry.acquire({ name: 'ledger', holder: 'other', ttlMs: 1_000 }));
});

test('where the registry is away the task is done all the same; one that fails gives its turn back', async () => {
  const clock = createFakeClock();
  const registry = createMemoryReplicaRegistry({ clock });
  const away = { ...registry, acquire: () => Promise.reject(new StoreAwayError('away')) };
  assert.equal(await createOneWriter({ registry: away, holder: 'me', clock })(async () => 7), 7);
  const oneWriter = createOneWriter({ registry, holder: 'me', clock });
  await assert.rejects(
    oneWriter(() => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.ok(await registry.acquire({ name: 'ledger', holder: 'other', ttlMs: 1_000 }));
});
