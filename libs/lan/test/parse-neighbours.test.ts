import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { normalMac } from '../src/mac.ts';
import {
  parseArpAn,
  parseIpNeigh,
  parseNdpAn,
  parseProcArp,
  parseWindowsArp,
} from '../src/neighbours/parse-neighbours.ts';

// Latin-1, as the commands' outputs are read.
const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'latin1');

for (const language of ['en', 'de', 'fr', 'es', 'ja', 'zh']) {
  test(`Windows arp -a, ${language}: addresses and MACs only, by the interface they are on`, () => {
    const names: Record<string, string> = { '192.168.178.20': 'Ethernet', '10.0.0.4': 'WLAN' };
    assert.deepEqual(
      parseWindowsArp(fixture(`arp-windows-${language}.txt`), (own) => names[own]),
      [
        { address: '192.168.178.1', mac: 'dc:39:6f:12:34:56', fresh: false, interface: 'Ethernet' },
        { address: '192.168.178.22', mac: '00:17:9e:a1:b2:c3', fresh: false, interface: 'Ethernet' },
        { address: '10.0.0.138', mac: '30:33:f2:1b:11:c1', fresh: false, interface: 'WLAN' },
      ],
    );
  });
}

test('macOS arp -an: short octets are filled up; incomplete, broadcast and group entries are no neighbours', () => {
  assert.deepEqual(
    parseArpAn(fixture('arp-macos.txt')).map(({ address, mac, interface: name }) => `${address} ${mac} ${name}`),
    [
      '192.168.1.1 54:c2:50:f6:d5:90 en0',
      '192.168.1.11 34:10:be:d8:21:09 en0',
      // Its own: left out where the own addresses are known.
      '192.168.1.54 7a:c0:c8:7d:f5:a8 en0',
      '192.168.1.77 00:19:99:50:3a:03 en7',
      '169.254.98.71 00:11:d9:3b:34:cb en0',
    ],
  );
});

test('macOS ndp -an: link-local addresses carry their zone', () => {
  assert.deepEqual(parseNdpAn(fixture('ndp-macos.txt')), [
    { address: 'fe80::56c2:50ff:fef6:d590%en0', mac: '54:c2:50:f6:d5:90', fresh: false, interface: 'en0' },
    { address: 'fd12:3456:789a::10', mac: '34:10:be:d8:21:09', fresh: false, interface: 'en0' },
  ]);
});

test('Linux /proc/net/arp: complete entries only', () => {
  assert.deepEqual(
    parseProcArp(fixture('proc-net-arp.txt')).map(({ address, interface: name }) => `${address} ${name}`),
    ['10.77.0.3 eth0', '10.77.0.12 eth0', '172.17.0.2 docker0'],
  );
});

test('Linux ip -j neigh: both families, fresh where the kernel says REACHABLE', () => {
  assert.deepEqual(
    parseIpNeigh(fixture('ip-neigh.json')).map(({ address, fresh }) => `${address} ${fresh}`),
    ['10.77.0.3 true', '10.77.0.4 false', 'fe80::219:99ff:fe50:3a03%eth0 false'],
  );
});

test('what is not the expected output is no neighbours, and never an error', () => {
  const junk = ['', 'arp: command not found', '[1, null, {"dst": 4}]', '{"dst":"10.0.0.1"}', '\0\xff'.repeat(1000)];
  for (const text of junk) {
    for (const parse of [parseProcArp, parseIpNeigh, parseArpAn, parseNdpAn]) assert.deepEqual(parse(text), []);
    assert.deepEqual(
      parseWindowsArp(text, () => undefined),
      [],
    );
  }
});

const macs: [string, string | undefined][] = [
  ['0:19:99:50:3a:3', '00:19:99:50:3a:03'],
  ['DC-39-6F-12-34-56', 'dc:39:6f:12:34:56'],
  ['00:00:00:00:00:00', undefined],
  ['ff:ff:ff:ff:ff:ff', undefined],
  ['01:00:5e:00:00:16', undefined],
  ['33:33:00:00:00:01', undefined],
  ['02:42:ac:11:00:02', '02:42:ac:11:00:02'],
  ['dc-39-6f-12-34', undefined],
  ['(incomplete)', undefined],
];
for (const [text, expected] of macs) test(`MAC ${text}`, () => assert.equal(normalMac(text), expected));
