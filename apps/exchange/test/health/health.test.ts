import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryPeerStore, StoreAwayError } from '@kith/membership';
import { silentLog } from '@kith/service';
import { createFakeClock } from '@kith/testing';
import { Health } from '../../src/health/health.ts';

test('a fault is one event however long it lasts, told when the store is back, and one when it is mended', async () => {
  const clock = createFakeClock();
  let folderError: string | undefined;
  const store = createMemoryPeerStore({ clock });
  let isAway = true;
  const peers = {
    addEvents: async (events: Parameters<typeof store.addEvents>[0]) => {
      if (isAway) throw new StoreAwayError('on the same disk');
      await store.addEvents(events);
    },
  };
  const health = new Health({
    ...{ dataDirectory: '/data', peers, clock, log: silentLog },
    observe: async () => ({ folderError, freeBytes: 1e12 }),
  });
  await health.start();
  await health.requireWell();
  folderError = 'ENOENT';
  for (let seconds = 0; seconds < 60; seconds += 5) await clock.advance(5_000);
  await assert.rejects(health.requireWell(), {
    code: 'data_folder_gone',
    message: /is not there any more.*Put it back/,
  });
  assert.deepEqual(await store.latestEvents(10), []);
  isAway = false;
  for (let seconds = 0; seconds < 60; seconds += 5) await clock.advance(5_000);
  folderError = undefined;
  await clock.advance(3_000);
  await health.requireWell();
  for (let seconds = 0; seconds < 60; seconds += 5) await clock.advance(5_000);
  const events = (await store.latestEvents(10)).map(({ type, data: facts }) => [type, facts?.code]);
  assert.deepEqual(events, [
    ['node-unwell', 'data_folder_gone'],
    ['node-well', 'data_folder_gone'],
  ]);
  await health.stop();
  assert.equal(clock.sleeping, 0);
});

test('a reader that ends again and again is said, and forgotten after ten quiet minutes', async () => {
  const clock = createFakeClock();
  const peers = createMemoryPeerStore({ clock });
  const health = new Health({
    ...{ dataDirectory: '/data', peers, clock, log: silentLog },
    observe: async () => ({ freeBytes: 1e12 }),
  });
  await health.start();
  for (let count = 0; count < 5; count += 1) health.readerEnded();
  await clock.advance(10_000);
  await assert.rejects(health.requireWell(), { code: 'reader_dying', message: /ended 5 times.*move the newest/ });
  await clock.advance(600_000);
  await health.requireWell();
  await health.stop();
});
