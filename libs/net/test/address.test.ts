import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callableAddress, hostPort, plainAddress } from '../src/index.ts';

const spellings: [given: string, plain: string | undefined, callable: string | undefined][] = [
  ['192.168.1.7', '192.168.1.7', '192.168.1.7'],
  ['::ffff:192.168.1.7', '192.168.1.7', '192.168.1.7'],
  ['::FFFF:10.0.0.1', '10.0.0.1', '10.0.0.1'],
  ['::ffff:a00:1', '10.0.0.1', '10.0.0.1'],
  ['fe80::1%eth0', 'fe80::1', 'fe80::1%eth0'],
  ['FE80:0:0:0:0:0:0:1%eth0', 'fe80::1', 'fe80::1%eth0'],
  ['fd00:0:0:1:0:0:0:1', 'fd00:0:0:1::1', 'fd00:0:0:1::1'],
  ['::1', '::1', '::1'],
  ['10.1', undefined, undefined],
  ['010.0.0.1', undefined, undefined],
  ['0x0a000001', undefined, undefined],
  ['ana.local', undefined, undefined],
  ['', undefined, undefined],
];
for (const [given, plain, callable] of spellings) {
  test(`${given || 'nothing'} has one spelling`, () => {
    assert.deepEqual([plainAddress(given), callableAddress(given)], [plain, callable]);
  });
}

test('an address as it stands in a URL', () => {
  assert.equal(hostPort('192.168.1.7', 5800), '192.168.1.7:5800');
  assert.equal(hostPort('::ffff:192.168.1.7', 5800), '192.168.1.7:5800');
  assert.equal(hostPort('fe80::1%eth0', 5800), '[fe80::1]:5800');
  assert.equal(plainAddress(undefined), undefined);
});
