import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kith/testing';
import { confirmDevices } from '../src/discover/confirm-devices.ts';
import { hostAt } from './loopback-lan.ts';

test('an entry that the system still has after its own check is a live device, one that it dropped a ghost', async () => {
  const clock = createFakeClock();
  const { signal } = new AbortController();
  const old = (address: string) => ({ ...hostAt(address), fresh: false });
  let table = [old('127.0.3.1'), old('127.0.3.2'), old('127.0.3.3')];
  const confirmed = confirmDevices({ unsure: [...table], lan: { neighbours: async () => table }, clock, signal });
  await clock.advance(8000);
  table = [old('127.0.3.1'), { ...old('127.0.3.3'), mac: '02:00:00:00:00:99' }];
  await clock.advance(2000);
  assert.deepEqual(await confirmed, [{ ...hostAt('127.0.3.1'), fresh: true }]);
});
