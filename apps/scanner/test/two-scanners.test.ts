import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryPeerStore, createMemoryReplicaRegistry, createMemoryReplicaState } from '@kith/membership';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { waitFor } from '@kith/testing';
import { createScanner, scannerSettings } from '../src/app.ts';
import { createLoopbackLan } from './loopback-lan.ts';
import { freePort } from './running-scanner.ts';
import { newIdentity, servePeer } from './signed-answers.ts';

test('of two scanners one works; when it ends the other goes on with what is known', async (t) => {
  const port = await freePort();
  const [address, gateway] = ['127.0.3.10', '127.0.3.1'];
  await servePeer(t, { identity: await newIdentity(t), address, port });
  const state = createMemoryReplicaState();
  const peers = createMemoryPeerStore({ clock: systemClock });
  const identity = await newIdentity(t);
  const sweeps: string[] = [];
  await peers.followEvents(({ type }) => {
    if (type === 'sweep') sweeps.push(type);
  });
  let stoodAt: number | undefined;
  const scanners = ['one', 'other'].map(() =>
    createScanner({
      settings: readSettings(scannerSettings, { KITH_PINGBACK_PORT: String(port) }),
      ...{ identity, peers, clock: systemClock, log: silentLog },
      lan: createLoopbackLan({ gateway, hosts: [address] }),
      replicas: createMemoryReplicaRegistry({ clock: { monotonic: () => stoodAt ?? systemClock.monotonic() }, state }),
    }),
  );
  const [one, other] = scanners;
  await one?.start();
  await other?.start();
  t.after(() => other?.stop());
  await waitFor(() => sweeps.length === 1, { what: 'the first sweep' });
  assert.equal((await peers.listPeers()).length, 1);
  const holder = state.leases.get('scanner')?.holder;
  // From now on no lease runs out: it can only be given back.
  stoodAt = systemClock.monotonic();
  await one?.stop();
  await waitFor(() => sweeps.length === 2, { what: 'the sweep of the other' });
  assert.notEqual(state.leases.get('scanner')?.holder, holder);
  assert.equal((await peers.listPeers()).length, 1);
});
