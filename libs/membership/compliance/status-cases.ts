import assert from 'node:assert/strict';
import type { NodeStatus } from '../src/index.ts';
import type { PeerStoreCase } from './peer-store.ts';

const full: NodeStatus = {
  documents: { count: 3, version: 8 },
  self: { instance: '00ff', incarnation: 4, gatewayPort: 5805 },
  clone: { address: '10.0.0.3', instance: '11ff', seenAt: 1_795_000_000_000 },
  scanner: {
    interfaces: [
      { name: 'eth0', kind: 'wired', addresses: ['10.0.0.2/24'], defaultGateway: '10.0.0.1', used: true },
      { name: 'docker0', kind: 'container', addresses: [], used: false, reason: 'a bridge of containers' },
    ],
    sweepMs: 812.5,
    sweeping: false,
    remarks: ['only the default gateway answers'],
  },
};

export const statusCases: PeerStoreCase[] = [
  {
    name: 'a status field is replaced, left or removed, each by itself',
    async run({ store }) {
      await store.writeStatus(full);
      assert.deepEqual(await store.readStatus(), full);
      await store.writeStatus({ documents: { count: 4, version: 9 }, clone: undefined });
      const { clone: _gone, ...rest } = full;
      assert.deepEqual(await store.readStatus(), { ...rest, documents: { count: 4, version: 9 } });
      await store.writeStatus({ documents: undefined, scanner: undefined, self: undefined });
      assert.deepEqual(await store.readStatus(), { documents: { count: 0, version: 0 } });
      await store.writeStatus({});
      assert.deepEqual(await store.readStatus(), { documents: { count: 0, version: 0 } });
    },
  },
  {
    name: 'a field that is no record keeps the whole call from being written',
    async run({ store }) {
      const bad = { documents: { count: 1, version: 1 }, self: { instance: '', incarnation: -1, gatewayPort: 5805 } };
      await assert.rejects(store.writeStatus(bad), { code: 'bad_record' });
      assert.deepEqual(await store.readStatus(), { documents: { count: 0, version: 0 } });
    },
  },
  {
    name: 'two services that write different fields at once lose nothing',
    needs: 'second',
    async run({ store, second }) {
      const other = await second();
      for (let round = 1; round <= 20; round += 1) {
        const self = { instance: `i${round}`, incarnation: round, gatewayPort: 1 };
        const documents = { count: round, version: round };
        await Promise.all([store.writeStatus({ self }), other.writeStatus({ documents })]);
        assert.deepEqual(await store.readStatus(), { self, documents });
      }
    },
  },
];
