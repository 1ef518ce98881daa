import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contains, hostRange, parseSubnet } from '../src/index.ts';

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
});
