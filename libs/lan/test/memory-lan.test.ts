import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LanFacts, lanCompliance } from '../compliance/lan.ts';
import { createMemoryLan, type LanInterface, type Neighbour, type NetworkChange } from '../src/index.ts';

const facts: LanFacts = {
  interface: 'eth0',
  subnet: '192.168.1.0/24',
  own: '192.168.1.54',
  defaultGateway: '192.168.1.1',
  there: ['192.168.1.1', '192.168.1.20', '192.168.1.21'],
  nobody: '192.168.1.200',
};
const card: LanInterface = {
  name: 'eth0',
  kind: 'physical',
  addresses: [{ address: facts.own, family: 4, prefix: 24, subnet: facts.subnet, isPrivate: true }],
  used: true,
  reason: 'a network card',
  sweepable: [facts.subnet],
};
const macOf = (address: string) => `02:00:00:00:00:${Number(address.split('.')[3]).toString(16).padStart(2, '0')}`;
const open = () =>
  createMemoryLan({
    interfaces: [card],
    defaultGateways: [{ interface: 'eth0', address: '192.168.1.1', family: 4, metric: 0, source: 'system' }],
    neighbours: facts.there.map((address) => ({ address, mac: macOf(address), interface: 'eth0' })),
  });

lanCompliance('memory', facts, open);

test('memory: what was unplugged is remembered, and not fresh; what was plugged in is found', async () => {
  const lan = open();
  const sweep = async () => {
    const seen: Neighbour[] = [];
    await lan.sweep({ interface: 'eth0', subnet: facts.subnet, onNeighbour: (one) => seen.push(one) });
    return seen.map(({ address, fresh }) => `${address} ${fresh}`);
  };
  assert.deepEqual(await sweep(), ['192.168.1.1 true', '192.168.1.20 true', '192.168.1.21 true']);
  lan.unplug('192.168.1.21');
  lan.plug({ address: '192.168.1.30', mac: macOf('192.168.1.30') });
  assert.deepEqual(await sweep(), [
    '192.168.1.1 false',
    '192.168.1.20 false',
    '192.168.1.21 false',
    '192.168.1.30 true',
  ]);
  assert.deepEqual(lan.swept, ['eth0 192.168.1.0/24', 'eth0 192.168.1.0/24']);
});

test('memory: changes are told to those who watch, until they stop', () => {
  const lan = open();
  const changes: NetworkChange[] = [];
  const unwatch = lan.watchChanges((change) => changes.push(change));
  lan.setInterfaces([card]);
  lan.setInterfaces([card, { ...card, name: 'eth1' }]);
  lan.wake(60_000);
  unwatch();
  lan.wake(60_000);
  assert.deepEqual(changes, [
    { type: 'addresses', interfaces: ['eth1'] },
    { type: 'wake', sleptMs: 60_000 },
  ]);
});
