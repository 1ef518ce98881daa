import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertPrivate, contains, hostRange, isPrivateAddress, normalAddress, parseSubnet } from '../src/subnet.ts';
import { sweepOrder } from '../src/sweep-order.ts';

const addresses: [string, boolean][] = [
  ['10.0.0.1', true],
  ['172.16.0.1', true],
  ['172.32.0.1', false],
  ['192.168.255.255', true],
  ['169.254.1.1', true],
  ['127.0.0.1', true],
  ['::1', true],
  ['fe80::1%eth0', true],
  ['fd00::1', true],
  ['fc00::1', true],
  ['::ffff:192.168.1.1', true],
  ['::ffff:8.8.8.8', false],
  ['8.8.8.8', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['2001:db8::1', false],
  ['64:ff9b::a00:1', false],
  ['ff02::1', false],
  ['10.1', false],
  ['0x0a000001', false],
  ['010.0.0.1', false],
  ['167772161', false],
  ['10.0.0.1/24', false],
  ['ana.local', false],
  ['', false],
];
for (const [text, expected] of addresses) {
  test(`${text || 'nothing'} is ${expected ? '' : 'not '}an address to which anything is sent`, () => {
    assert.equal(isPrivateAddress(text), expected);
    if (expected) assertPrivate(text);
    else assert.throws(() => assertPrivate(text), { code: 'not_private' });
  });
}

test('subnets: base, size, edges, membership', () => {
  const lan = parseSubnet('192.168.1.54/24');
  assert.ok(lan);
  assert.equal(lan.cidr, '192.168.1.0/24');
  assert.equal(lan.size, 256);
  const { first, last } = hostRange(lan);
  assert.deepEqual([first - lan.base, last - lan.base], [1, 254]);
  assert.equal(contains(lan, '192.168.1.255'), true);
  assert.equal(contains(lan, '192.168.2.1'), false);
  assert.equal(contains(lan, 'fe80::1'), false);
  assert.equal(parseSubnet('fe80::1/64')?.cidr, 'fe80::/64');
  assert.equal(parseSubnet('10.0.0.0/8')?.size, 2 ** 24);
  for (const bad of ['192.168.1.0', '192.168.1.0/33', 'fe80::/129', '1/2/3', '10.0.0.0/-1', '10.0.0.0/ 8', 'x/8']) {
    assert.equal(parseSubnet(bad), undefined, bad);
  }
  assert.equal(normalAddress('FE80::0:1%eth0'), 'fe80::1');
  assert.equal(normalAddress('::ffff:10.0.0.1'), '10.0.0.1');
});

const order = (cidr: string, own: string[], more: { near?: string[]; maxHosts?: number; seed?: number } = {}) => {
  const subnet = parseSubnet(cidr);
  assert.ok(subnet);
  return sweepOrder({ subnet, own, seed: 7, ...more });
};

test('a /24 is asked whole, in order, without its edges and this machine', () => {
  const { addresses: all, total } = order('192.168.1.0/24', ['192.168.1.54', '10.0.0.1']);
  assert.equal(total, 253);
  assert.equal(new Set(all).size, 253);
  assert.deepEqual(all.slice(52, 54), ['192.168.1.53', '192.168.1.55']);
  assert.ok(!all.includes('192.168.1.0') && !all.includes('192.168.1.255'));
});

test('a large range: own /24, then /24s with a neighbour, then a mix of the rest, each address once', () => {
  const { addresses: all, total } = order('10.0.0.0/16', ['10.0.3.9'], { near: ['10.0.200.1', '192.168.9.9'] });
  assert.equal(all.length, 1024);
  assert.equal(total, 65533);
  assert.equal(new Set(all).size, 1024);
  assert.ok(all.slice(0, 255).every((one) => one.startsWith('10.0.3.')));
  assert.ok(all.slice(255, 511).every((one) => one.startsWith('10.0.200.')));
  const rest = all.slice(511).map((one) => one.split('.')[2]);
  assert.ok(new Set(rest).size > 100, 'the rest is spread over the range');
  assert.notDeepEqual(order('10.0.0.0/16', ['10.0.3.9'], { seed: 8 }).addresses.slice(511), all.slice(511));
});

test('without a limit every address of a range comes exactly once, whatever its size and seed', () => {
  for (const prefix of [16, 20, 23, 24, 27, 30]) {
    for (const seed of [0, 1, 123_456_789, 2 ** 31 - 1]) {
      const { addresses: all, total } = order(`10.4.0.0/${prefix}`, ['10.4.0.1'], { maxHosts: 1e6, seed });
      assert.equal(all.length, 2 ** (32 - prefix) - 3);
      assert.equal(new Set(all).size, total);
    }
  }
});
