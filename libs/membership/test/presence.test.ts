import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kith/testing';
import { createMemoryReplicaRegistry, createPresence, StoreAwayError } from '../src/index.ts';

const replica = { service: 'exchange', id: 'a', address: 'http://127.0.0.1:5810' };

test('a replica stays on the list while it serves, and is off it once it left', async () => {
  const clock = createFakeClock();
  const registry = createMemoryReplicaRegistry({ clock });
  const presence = createPresence({ registry, replica, clock });
  await presence.start();
  await clock.advance(60_000);
  assert.deepEqual(await registry.list('exchange'), [replica]);
  assert.equal(await presence.leave(), true);
  await clock.advance(60_000);
  assert.deepEqual(await registry.list('exchange'), []);
});

test('a registry that is away is tried again', async () => {
  const clock = createFakeClock();
  const real = createMemoryReplicaRegistry({ clock });
  let isAway = true;
  const refuse = () => Promise.reject(new StoreAwayError('away'));
  const registry: typeof real = {
    ...real,
    register: (given) => (isAway ? refuse() : real.register(given)),
    remove: (given) => (isAway ? refuse() : real.remove(given)),
  };
  const presence = createPresence({ registry, replica, clock });
  await presence.start();
  isAway = false;
  await clock.advance(1_000);
  assert.deepEqual(await real.list('exchange'), [replica]);
  isAway = true;
  assert.equal(await presence.leave(), false);
});
