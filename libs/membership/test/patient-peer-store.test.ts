import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerStoreCompliance } from '@kith/membership/compliance';
import { createFakeClock } from '@kith/testing';
import { samplePeer } from '../compliance/samples.ts';
import { createMemoryPeerStore, createPatientPeerStore, type PeerStore, StoreAwayError } from '../src/index.ts';

function opened() {
  const clock = createFakeClock();
  const stopping = new AbortController();
  const told: string[] = [];
  let isAway = false;
  const inner = createMemoryPeerStore({ clock });
  const store = new Proxy(inner, {
    get: (target, name: keyof PeerStore) =>
      isAway ? () => Promise.reject(new StoreAwayError('away')) : target[name].bind(target),
  });
  const patient = createPatientPeerStore({
    store,
    clock,
    signal: stopping.signal,
    onWait: () => told.push('away'),
    onBack: () => told.push('back'),
  });
  const setAway = (value: boolean) => {
    isAway = value;
  };
  return { clock, stopping, told, inner, patient, setAway };
}

const peer = samplePeer(1);
const put = () => ({ peer, events: [] });

test('what is learnt while the store is away is written once it is back; the outage is told once', async () => {
  const { clock, told, inner, patient, setAway } = opened();
  setAway(true);
  const writes = Promise.all([patient.changePeer(peer.id, put), patient.addEvents([{ type: 'sweep', message: 'x' }])]);
  await clock.advance(30_000);
  assert.deepEqual(told, ['away']);
  assert.deepEqual(await inner.listPeers(), []);
  setAway(false);
  await clock.advance(1000);
  await writes;
  assert.deepEqual(told, ['away', 'back']);
  assert.deepEqual(await inner.listPeers(), [peer]);
  assert.equal((await inner.latestEvents(10)).length, 1);
});

test('whoever waits is let go when the service stops, or the store is closed', async () => {
  for (const end of ['stop', 'close'] as const) {
    const { clock, stopping, patient, setAway } = opened();
    setAway(true);
    const refused = assert.rejects(patient.changePeer(peer.id, put), { code: 'store_away' });
    await clock.advance(2500);
    if (end === 'stop') stopping.abort();
    else void patient.close().catch(() => {});
    await refused;
    await assert.rejects(patient.listPeers(), { code: 'store_away' });
  }
});

test('other faults, and candidates, are not waited for', async () => {
  const { patient, setAway } = opened();
  const wrong = () => ({ peer: samplePeer(2), events: [] });
  await assert.rejects(patient.changePeer(peer.id, wrong), { code: 'bad_record' });
  setAway(true);
  const candidate = { address: '10.0.0.1', pingbackPort: 5800, source: 'asked' } as const;
  await assert.rejects(patient.noteCandidate(candidate), { code: 'store_away' });
});

peerStoreCompliance(
  'patient',
  async () => {
    const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('nothing to wait for')) };
    const { signal } = new AbortController();
    return { store: createPatientPeerStore({ store: createMemoryPeerStore({ clock }), clock, signal }) };
  },
  { without: ['second', 'reopen'] },
);
