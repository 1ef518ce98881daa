import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concernsUsed, ownAddresses, usableInterfaces, withGateways } from '../src/discover/usable-interfaces.ts';
import { ethernet } from './loopback-lan.ts';

const tunnel = {
  ...ethernet,
  name: 'wg0',
  kind: 'vpn' as const,
  used: false,
  reason: 'It is a VPN.',
  sweepable: [],
  addresses: [
    { address: '10.8.0.2', family: 4 as const, prefix: 24, subnet: '10.8.0.0/24', isPrivate: true },
    { address: '203.0.113.7', family: 4 as const, prefix: 24, subnet: '203.0.113.0/24', isPrivate: false },
  ],
};
const all = [ethernet, tunnel];
const shown = (wanted: string[], bind: string) =>
  usableInterfaces(all, { wanted, bind }).map(({ name, used, subnets, reason }) => [name, used, subnets, reason]);

test('by default what leads to a local network is used', () => {
  assert.deepEqual(shown([], '::'), [
    ['eth0', true, ['127.0.3.0/24'], undefined],
    ['wg0', false, [], 'It is a VPN.'],
  ]);
});

test('the owner’s choice wins, and public subnets are not swept even then', () => {
  assert.deepEqual(shown(['wg0'], '0.0.0.0'), [
    ['eth0', false, [], 'Not named in KITH_INTERFACES.'],
    ['wg0', true, ['10.8.0.0/24'], undefined],
  ]);
});

test('a node bound to one address works on its interface only', () => {
  assert.deepEqual(
    shown([], '127.0.3.1').map(([name, used]) => [name, used]),
    [
      ['eth0', true],
      ['wg0', false],
    ],
  );
  assert.deepEqual(
    shown([], '127.0.0.5').map(([, used]) => used),
    [false, false],
  );
});

test('the gateway of each interface, IPv4 first', () => {
  const gateway = (address: string, family: 4 | 6, metric: number) =>
    ({ interface: 'eth0', address, family, metric, source: 'system' }) as const;
  const [first, second] = withGateways(usableInterfaces(all, { wanted: [], bind: '::' }), [
    gateway('fe80::1%eth0', 6, 1),
    gateway('127.0.3.254', 4, 100),
  ]);
  assert.deepEqual([first?.defaultGateway, second?.defaultGateway], ['127.0.3.254', undefined]);
});

test('own addresses are those of every interface, or the one that the node is bound to', () => {
  const usable = usableInterfaces(all, { wanted: [], bind: '::' });
  assert.ok(ownAddresses(usable, '::').has('10.8.0.2'));
  assert.deepEqual([...ownAddresses(usable, '127.0.0.5')], ['127.0.0.5']);
});

test('interfaces of containers that come and go change nothing', () => {
  const one = (name: string, used: boolean) => ({ name, used, kind: 'physical', addresses: [], subnets: [] }) as const;
  const before = [one('eth0', true), one('veth1', false)];
  assert.equal(concernsUsed(['veth1', 'veth2'], { before, now: [one('eth0', true), one('veth2', false)] }), false);
  assert.equal(concernsUsed(['eth0'], { before, now: [] }), true, 'one that was used is gone');
  assert.equal(concernsUsed(['wlan0'], { before, now: [...before, one('wlan0', true)] }), true, 'one is new');
});
