import assert from 'node:assert/strict';
import { type Device, MAX_DEVICES } from '../src/index.ts';
import type { PeerStoreCase } from './peer-store.ts';
import { sampleDevice, sampleId } from './samples.ts';

const full: Device = {
  address: 'fe80::aa%wlan0',
  mac: '02:00:00:aa:bb:cc',
  interface: 'wlan0',
  answer: 'other-service',
  detail: 'RFB 003.008 “VNC” <b>',
  peer: sampleId(1),
  isDefaultGateway: false,
  firstSeenAt: 1.5,
  lastSeenAt: 1_795_000_000_000,
  lostAt: 1_795_000_000_001,
};

export const deviceCases: PeerStoreCase[] = [
  {
    name: 'devices are kept whole, replaced whole, and listed in order of address as text',
    async run({ store }) {
      await store.putDevices([sampleDevice('10.0.0.9'), full, sampleDevice('10.0.0.10', { isDefaultGateway: true })]);
      const addresses = (await store.listDevices()).map((one) => one.address);
      assert.deepEqual(addresses, ['10.0.0.10', '10.0.0.9', full.address]);
      assert.deepEqual((await store.listDevices())[2], full);
      const plain = sampleDevice(full.address);
      await store.putDevices([plain]);
      assert.deepEqual((await store.listDevices())[2], plain);
      await store.putDevices([]);
      assert.equal((await store.listDevices()).length, 3);
    },
  },
  {
    name: 'devices are removed by address; unknown ones do not matter',
    async run({ store }) {
      await store.putDevices([sampleDevice('10.0.0.1'), sampleDevice('10.0.0.2')]);
      await store.removeDevices(['10.0.0.1', '10.0.0.77']);
      await store.removeDevices([]);
      assert.deepEqual(await store.listDevices(), [sampleDevice('10.0.0.2')]);
    },
  },
  {
    name: 'one device that is no record keeps the whole call from being written',
    async run({ store }) {
      const bad = sampleDevice('not an address');
      await assert.rejects(store.putDevices([sampleDevice('10.0.0.1'), bad]), { code: 'bad_record' });
      assert.deepEqual(await store.listDevices(), []);
    },
  },
  {
    name: 'only the devices seen last are kept',
    async run({ store }) {
      const many = Array.from({ length: MAX_DEVICES }, (_, index) =>
        sampleDevice(`10.1.${index >> 8}.${index & 255}`, { lastSeenAt: 1000 + index }),
      );
      await store.putDevices(many);
      await store.putDevices([
        sampleDevice('10.9.0.1', { lastSeenAt: 9_000_000 }),
        sampleDevice('10.9.0.2', { lastSeenAt: 9_000_001 }),
        sampleDevice('10.9.0.3', { lastSeenAt: 1 }),
      ]);
      const kept = new Set((await store.listDevices()).map((one) => one.address));
      assert.equal(kept.size, MAX_DEVICES);
      assert.ok(kept.has('10.9.0.1') && kept.has('10.9.0.2'));
      for (const dropped of ['10.9.0.3', '10.1.0.0', '10.1.0.1']) assert.ok(!kept.has(dropped), dropped);
      assert.ok(kept.has('10.1.0.2'));
    },
  },
];
