import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryPeerStore } from '@kith/membership';
import { readSettings, silentLog, startInOrder } from '@kith/service';
import { createFakeClock, takenPort } from '@kith/testing';
import { createPingback, pingbackSettings } from '../src/app.ts';
import { newIdentity } from './running-pingback.ts';

test('a pingback whose port is taken follows the store no longer, and tells nobody that it leaves', async (t) => {
  const clock = createFakeClock();
  const peers = createMemoryPeerStore({ clock });
  let lists = 0;
  const counted = new Proxy(peers, {
    get(target, name) {
      if (name === 'listPeers') lists += 1;
      return Reflect.get(target, name);
    },
  });
  const env = { KITH_BIND: '127.0.0.1', KITH_PINGBACK_PORT: String(await takenPort(t)) };
  const pingback = createPingback({
    ...{ identity: await newIdentity(t), incarnation: 1, instance: '0'.repeat(16), peers: counted, clock },
    settings: readSettings(pingbackSettings, env),
    log: silentLog,
  });
  await assert.rejects(startInOrder([pingback]), { code: 'EADDRINUSE', message: /is taken.*KITH_PINGBACK_PORT/ });
  assert.equal(clock.sleeping, 0);
  const before = lists;
  await clock.advance(10_000);
  assert.equal(lists, before);
});
