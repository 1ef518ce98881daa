import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLinkLocal, isLocal, isLoopback, isSweepable, isWildcard } from '../src/index.ts';

/** What each is: L local, S sweepable, O loopback, K link-local, W wildcard. */
const addresses: [string, string][] = [
  ['10.0.0.1', 'LS'],
  ['172.16.0.1', 'LS'],
  ['172.31.0.1', 'LS'],
  ['172.32.0.1', ''],
  ['192.168.255.255', 'LS'],
  ['169.254.1.1', 'LSK'],
  ['127.0.0.1', 'LO'],
  ['127.8.9.10', 'LO'],
  ['::ffff:127.0.0.1', 'LO'],
  ['::1', 'LO'],
  ['fe80::1%eth0', 'LK'],
  ['fd00::1', 'L'],
  ['fc00::1', 'L'],
  ['::ffff:192.168.1.1', 'LS'],
  ['::ffff:8.8.8.8', ''],
  ['8.8.8.8', ''],
  ['100.64.0.1', ''],
  ['100.127.255.254', ''],
  ['0.0.0.0', 'W'],
  ['::', 'W'],
  ['0:0:0:0:0:0:0:0', 'W'],
  ['::ffff:0.0.0.0', 'W'],
  ['224.0.0.1', ''],
  ['255.255.255.255', ''],
  ['2001:db8::1', ''],
  ['64:ff9b::a00:1', ''],
  ['ff02::1', ''],
  ['10.1', ''],
  ['127.1', ''],
  ['0x0a000001', ''],
  ['010.0.0.1', ''],
  ['167772161', ''],
  ['10.0.0.1/24', ''],
  ['127.0.0.1.example.org', ''],
  ['ana.local', ''],
  ['', ''],
];
for (const [text, expected] of addresses) {
  test(`${text || 'nothing'} is ${expected || 'none of ours'}`, () => {
    const kinds = { L: isLocal, S: isSweepable, O: isLoopback, K: isLinkLocal, W: isWildcard };
    const found = Object.entries(kinds).flatMap(([letter, is]) => (is(text) ? [letter] : []));
    assert.equal(found.join(''), expected);
  });
}
