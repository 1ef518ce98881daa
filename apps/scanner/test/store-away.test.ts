import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryPeerStore, type PeerStore, StoreAwayError } from '@kith/membership';
import { silentLog } from '@kith/service';
import { createFakeClock } from '@kith/testing';
import { openDeviceTable } from '../src/record/device-table.ts';
import { createRecorder } from '../src/record/recorder.ts';
import { createPeerWatch } from '../src/watch/watch-peers.ts';
import { idOf, replyOf } from './made-up-lan.ts';

/** A store that can be cut off: every method rejects then, as an adapter's does. */
function createCuttableStore(clock: { now(): number }) {
  const peers = createMemoryPeerStore({ clock });
  const state = { isAway: false };
  const store = new Proxy(peers, {
    get: (target, name: keyof PeerStore) => {
      if (name === 'followEvents' || name === 'followCandidates' || name === 'close') return target[name];
      return async (...args: never[]) => {
        if (state.isAway) throw new StoreAwayError('away for a test');
        return (target[name] as (...all: never[]) => Promise<unknown>)(...args);
      };
    },
  });
  return { peers, store, state };
}

test('what was learnt while the store was away is written when it is back, and the watch goes on', async (t) => {
  const clock = createFakeClock();
  const { peers, store, state } = createCuttableStore(clock);
  const common = { peers: store, clock, log: silentLog };
  const devices = await openDeviceTable(common);
  const probe = async () => ({ answer: 'peer', reply: replyOf('a'), tookMs: 1 }) as const;
  const recorder = createRecorder({ ...common, devices, probe });
  const target = { address: '10.0.0.11', pingbackPort: 5800, source: 'asked' } as const;
  await recorder.record(target, await probe());
  const watch = createPeerWatch({ ...common, probe, recorder, ownDelay: { ms: () => 0 } });
  await watch.start();
  t.after(() => watch.stop());

  state.isAway = true;
  devices.note({ address: '10.0.0.12', answer: 'refused', live: true });
  await clock.advance(60_000);
  state.isAway = false;
  const before = await peers.getPeer(idOf('a'));
  devices.note({ address: '10.0.0.13', answer: 'refused', live: true });
  await clock.advance(10_000);
  assert.deepEqual(
    (await peers.listDevices()).map(({ address }) => address),
    ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
  );
  const after = await peers.getPeer(idOf('a'));
  assert.equal(after?.state, 'alive');
  assert.ok((after?.lastSeenAt ?? 0) > (before?.lastSeenAt ?? 0), 'the peer was seen again');
});
