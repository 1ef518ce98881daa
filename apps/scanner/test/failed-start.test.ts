import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryPeerStore, type PeerStore, StoreAwayError } from '@kith/membership';
import { readSettings, silentLog, startInOrder } from '@kith/service';
import { createFakeClock } from '@kith/testing';
import { createScanner, scannerSettings } from '../src/app.ts';
import { createLoopbackLan } from './loopback-lan.ts';
import { newIdentity } from './signed-answers.ts';

test('a scanner that cannot start leaves no subscription and no timer behind, at whichever step', async (t) => {
  const identity = await newIdentity(t);
  for (const step of ['listDevices', 'followCandidates', 'second followEvents'] as const) {
    const clock = createFakeClock();
    const peers = createMemoryPeerStore({ clock });
    let followed = 0;
    let calls = 0;
    const follow = async (name: 'followEvents' | 'followCandidates', listener: never) => {
      if (name === step || (name === 'followEvents' && step === 'second followEvents' && ++calls === 2)) {
        throw new StoreAwayError('away for a test');
      }
      const end = await peers[name](listener);
      followed += 1;
      return () => {
        followed -= 1;
        end();
      };
    };
    const store: PeerStore = {
      ...peers,
      followEvents: (listener) => follow('followEvents', listener as never),
      followCandidates: (listener) => follow('followCandidates', listener as never),
      listDevices: async () => {
        if (step === 'listDevices') throw new StoreAwayError('away for a test');
        return peers.listDevices();
      },
    };
    const settings = readSettings(scannerSettings, { KITH_PINGBACK_PORT: '1', KITH_SWEEP: 'off' });
    const scanner = createScanner({
      settings,
      identity,
      peers: store,
      lan: createLoopbackLan(),
      clock,
      log: silentLog,
    });
    await assert.rejects(startInOrder([scanner]), { code: 'store_away' }, step);
    assert.deepEqual([followed, clock.sleeping], [0, 0], step);
  }
});
