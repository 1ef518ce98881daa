import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { createFakeClock } from '@kith/testing';
import { createLan, type NetworkChange } from '../src/index.ts';
import { hostSystem, type System } from '../src/system/system.ts';

const info = (address: string): NetworkInterfaceInfo => ({
  ...{ address, cidr: `${address}/24`, netmask: '255.255.255.0', mac: '02:00:00:00:00:01' },
  ...{ family: 'IPv4', internal: false },
});

function watched() {
  const clock = createFakeClock();
  const state: { now: NodeJS.Dict<NetworkInterfaceInfo[]> } = { now: { eth0: [info('10.0.0.5')] } };
  const system: System = { ...hostSystem('linux'), networkInterfaces: () => state.now };
  const lan = createLan({ clock, system });
  const changes: NetworkChange[] = [];
  const unwatch = lan.watchChanges((change) => changes.push(change));
  return { clock, state, lan, changes, unwatch };
}

test('addresses that come, go and change are told within 2 s, once', async () => {
  const { clock, state, lan, changes } = watched();
  await clock.advance(10_000);
  assert.deepEqual(changes, []);
  state.now = { eth0: [info('10.0.0.6')], wlan0: [info('192.168.1.5')] };
  await clock.advance(2000);
  assert.deepEqual(changes.splice(0), [{ type: 'addresses', interfaces: ['eth0', 'wlan0'] }]);
  state.now = { wlan0: [info('192.168.1.5')] };
  await clock.advance(6000);
  assert.deepEqual(changes, [{ type: 'addresses', interfaces: ['eth0'] }]);
  await lan.close();
  assert.equal(clock.sleeping, 0);
});

test('a clock that ran ahead is a wake from sleep; small steps and steps back are none', async () => {
  const { clock, lan, changes } = watched();
  await clock.advance(1000);
  clock.jump(3_600_000);
  await clock.advance(1000);
  assert.deepEqual(changes.splice(0), [{ type: 'wake', sleptMs: 3_600_000 }]);
  clock.jump(5000);
  await clock.advance(2000);
  clock.jump(-3_600_000);
  await clock.advance(4000);
  assert.deepEqual(changes, []);
  await lan.close();
});

test('nothing is told after unwatch', async () => {
  const { clock, state, changes, unwatch, lan } = watched();
  unwatch();
  state.now = {};
  await clock.advance(10_000);
  assert.deepEqual(changes, []);
  assert.equal(clock.sleeping, 0);
  await lan.close();
});
