import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSubnet } from '@kith/net';
import { assertLocal } from '../src/assert-local.ts';
import { sweepOrder } from '../src/neighbours/sweep-order.ts';

test('nothing is sent to an address that is not local', () => {
  assertLocal('192.168.1.1');
  for (const text of ['100.64.0.1', '8.8.8.8', 'ana.local']) {
    assert.throws(() => assertLocal(text), { code: 'not_private' });
  }
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
