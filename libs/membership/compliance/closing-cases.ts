import assert from 'node:assert/strict';
import type { Candidate, MembershipEvent, PeerStore } from '../src/index.ts';
import { createCollector } from './collector.ts';
import type { PeerStoreCase } from './peer-store.ts';
import { fullPeer, sampleDevice, sampleEvent, sampleId } from './samples.ts';

const candidate: Candidate = { address: '10.0.0.7', pingbackPort: 5800, source: 'asked' };

const everyMethod: Record<Exclude<keyof PeerStore, 'close'>, (store: PeerStore) => Promise<unknown>> = {
  listPeers: (store) => store.listPeers(),
  getPeer: (store) => store.getPeer(sampleId(1)),
  changePeer: (store) => store.changePeer(sampleId(1), () => ({ peer: fullPeer(1), events: [] })),
  listDevices: (store) => store.listDevices(),
  putDevices: (store) => store.putDevices([sampleDevice('10.0.0.1')]),
  removeDevices: (store) => store.removeDevices(['10.0.0.1']),
  noteCandidate: (store) => store.noteCandidate(candidate),
  followCandidates: (store) => store.followCandidates(() => {}),
  readStatus: (store) => store.readStatus(),
  writeStatus: (store) => store.writeStatus({ documents: { count: 1, version: 1 } }),
  addEvents: (store) => store.addEvents([sampleEvent(1)]),
  readEvents: (store) => store.readEvents({ limit: 1 }),
  latestEvents: (store) => store.latestEvents(1),
  followEvents: (store) => store.followEvents(() => {}),
};

export const closingCases: PeerStoreCase[] = [
  {
    name: 'a closed store rejects everything with store_away, and may be closed again',
    async run({ store }) {
      await store.followEvents(() => {});
      await store.followCandidates(() => {});
      await store.close();
      await store.close();
      for (const [name, call] of Object.entries(everyMethod)) {
        await assert.rejects(call(store), { code: 'store_away' }, name);
      }
    },
  },
  {
    name: 'followers of a closed store are not called, and other connections go on',
    needs: 'second',
    async run({ store, second }) {
      const other = await second();
      const here = createCollector<MembershipEvent>();
      const there = createCollector<MembershipEvent>();
      const stop = await store.followEvents(here.listener);
      await other.followEvents(there.listener);
      await store.close();
      stop();
      await other.addEvents([sampleEvent(1)]);
      await there.until(1);
      assert.deepEqual(here.items, []);
    },
  },
  {
    name: 'what was written is there after a restart, and cursors go on',
    needs: 'reopen',
    async run({ store, reopen }) {
      const peer = fullPeer(1);
      await store.changePeer(peer.id, () => ({ peer, events: [sampleEvent(1)] }));
      await store.putDevices([sampleDevice('10.0.0.1')]);
      await store.writeStatus({ self: { instance: 'a', incarnation: 1, gatewayPort: 5805 } });
      const [first] = await store.latestEvents(1);
      await store.close();
      const again = await reopen();
      assert.deepEqual(await again.listPeers(), [peer]);
      assert.deepEqual(await again.listDevices(), [sampleDevice('10.0.0.1')]);
      assert.equal((await again.readStatus()).self?.instance, 'a');
      const seen = createCollector<MembershipEvent>();
      await again.followEvents(seen.listener);
      await again.addEvents([sampleEvent(2)]);
      await seen.until(1);
      const after = await again.readEvents({ after: first?.cursor, limit: 10 });
      assert.deepEqual(
        after.map((event) => event.data?.number),
        [2],
      );
      assert.deepEqual(seen.items, after);
    },
  },
];
