import assert from 'node:assert/strict';
import type { Peer, PeerChange } from '../src/index.ts';
import type { PeerStoreCase } from './peer-store.ts';
import { countUp, fullPeer, sampleEvent, sampleId, samplePeer } from './samples.ts';

const put = (peer: Peer) => (): PeerChange => ({ peer, events: [] });

export const peerCases: PeerStoreCase[] = [
  {
    name: 'a new store is empty',
    async run({ store }) {
      assert.deepEqual(await store.listPeers(), []);
      assert.deepEqual(await store.listDevices(), []);
      assert.equal(await store.getPeer(sampleId(1)), undefined);
      assert.deepEqual(await store.readStatus(), { documents: { count: 0, version: 0 } });
      assert.deepEqual(await store.latestEvents(10), []);
      assert.deepEqual(await store.readEvents({ limit: 10 }), []);
    },
  },
  {
    name: 'peers are kept whole and listed in order of id',
    async run({ store }) {
      const peers = [samplePeer(3), fullPeer(1), samplePeer(2)];
      for (const peer of peers) assert.deepEqual(await store.changePeer(peer.id, put(peer)), peer);
      assert.deepEqual(await store.listPeers(), [fullPeer(1), samplePeer(2), samplePeer(3)]);
      assert.deepEqual(await store.getPeer(sampleId(1)), fullPeer(1));
    },
  },
  {
    name: 'an optional field that a rule leaves out is gone, and a peer without addresses is one',
    async run({ store }) {
      const full = fullPeer(1);
      await store.changePeer(full.id, put(full));
      const plain = samplePeer(1, { addresses: [] });
      await store.changePeer(full.id, (current) => {
        assert.deepEqual(current, full);
        return { peer: plain, events: [] };
      });
      assert.deepEqual(await store.getPeer(full.id), plain);
    },
  },
  {
    name: 'the same peer and no events write nothing; the same peer and events write the events',
    async run({ store }) {
      const peer = samplePeer(1);
      await store.changePeer(peer.id, put(peer));
      const same = await store.changePeer(peer.id, (current) => ({ peer: current, events: [] }));
      assert.deepEqual(same, peer);
      assert.equal(await store.changePeer(sampleId(2), () => ({ peer: undefined, events: [] })), undefined);
      assert.deepEqual(await store.latestEvents(10), []);
      await store.changePeer(peer.id, (current) => ({ peer: current, events: [sampleEvent(1)] }));
      assert.deepEqual(await store.getPeer(peer.id), peer);
      assert.equal((await store.latestEvents(10)).length, 1);
    },
  },
  {
    name: 'a rule that returns no peer deletes it, with its events',
    async run({ store }) {
      const peer = fullPeer(1);
      await store.changePeer(peer.id, put(peer));
      const event = { ...sampleEvent(1), peer: peer.id };
      assert.equal(await store.changePeer(peer.id, () => ({ peer: undefined, events: [event] })), undefined);
      assert.equal(await store.getPeer(peer.id), undefined);
      assert.deepEqual(await store.listPeers(), []);
      assert.equal((await store.latestEvents(1))[0]?.peer, peer.id);
      await store.changePeer(peer.id, (current) => {
        assert.equal(current, undefined);
        return { peer: samplePeer(1), events: [] };
      });
      assert.deepEqual(await store.getPeer(peer.id), samplePeer(1));
    },
  },
  {
    name: 'a rule that throws, and a record that is none, change nothing',
    async run({ store }) {
      const peer = samplePeer(1);
      await store.changePeer(peer.id, put(peer));
      const fault = new Error('the rule’s own');
      const throwing = () => {
        throw fault;
      };
      await assert.rejects(store.changePeer(peer.id, throwing), (error) => error === fault);
      const bad: PeerChange[] = [
        { peer: samplePeer(2), events: [sampleEvent(1)] },
        { peer: { ...peer, name: 'two\nlines' }, events: [sampleEvent(1)] },
        { peer: { ...peer, lastSeenAt: Number.NaN }, events: [sampleEvent(1)] },
        { peer: { ...peer, missed: 1 }, events: [{ type: 'sweep', message: 'x'.repeat(5000) }] },
      ];
      for (const change of bad) {
        await assert.rejects(
          store.changePeer(peer.id, () => change),
          { code: 'bad_record' },
        );
      }
      assert.deepEqual(await store.listPeers(), [peer]);
      assert.deepEqual(await store.latestEvents(10), []);
    },
  },
  {
    name: 'what was passed in is not kept by reference',
    async run({ store }) {
      const mine = structuredClone(fullPeer(1)) as { name: string; addresses: { roundTripMs: number }[] } & Peer;
      await store.changePeer(mine.id, put(mine));
      mine.name = 'changed';
      for (const one of mine.addresses) one.roundTripMs = 99;
      assert.deepEqual(await store.getPeer(mine.id), fullPeer(1));
    },
  },
  {
    name: 'no update is lost, and events stand in the order of the changes, under many writers',
    async run({ store }) {
      const id = sampleId(1);
      const all = await Promise.all(Array.from({ length: 60 }, () => store.changePeer(id, countUp(id))));
      assert.equal((await store.getPeer(id))?.incarnation, 60);
      assert.equal(new Set(all.map((peer) => peer?.incarnation)).size, 60);
      const numbers = (await store.latestEvents(100)).map((event) => event.data?.number);
      assert.deepEqual(
        numbers,
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
    },
  },
  {
    name: 'no update is lost between two connections',
    needs: 'second',
    async run({ store, second }) {
      const id = sampleId(1);
      const stores = [store, await second()];
      await Promise.all(stores.flatMap((one) => Array.from({ length: 30 }, () => one.changePeer(id, countUp(id)))));
      for (const one of stores) assert.equal((await one.getPeer(id))?.incarnation, 60);
      const numbers = (await store.latestEvents(100)).map((event) => event.data?.number);
      assert.deepEqual(
        numbers,
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
    },
  },
  {
    name: 'many who find one peer at once make one peer and one event',
    async run({ store }) {
      const peer = samplePeer(1);
      const find = (current: Peer | undefined): PeerChange =>
        current ? { peer: current, events: [] } : { peer, events: [sampleEvent(1)] };
      await Promise.all(Array.from({ length: 20 }, () => store.changePeer(peer.id, find)));
      assert.equal((await store.latestEvents(100)).length, 1);
      assert.equal((await store.listPeers()).length, 1);
    },
  },
];
