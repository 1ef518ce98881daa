import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRemarkLog } from '../src/report/remark-log.ts';
import { nameRemarks, type RemarkFacts, remarksOf } from '../src/report/remarks.ts';

const wifi = { name: 'wlan0', kind: 'wireless', used: true, addresses: ['192.168.1.2'] };
const facts: RemarkFacts = {
  interfaces: [wifi],
  defaultGateways: ['192.168.1.1'],
  live: ['192.168.1.1', '192.168.1.7'],
  tableFulls: 0,
  partly: [],
  sweeps: true,
};

const cases: [string, Partial<RemarkFacts>, RegExp[]][] = [
  ['all is well', {}, []],
  ['only the gateway answers on Wi-Fi', { live: ['192.168.1.1'] }, [/keep its devices apart/]],
  ['only the gateway answers on a cable', { live: ['192.168.1.1'], interfaces: [{ ...wifi, kind: 'physical' }] }, []],
  ['before the first sweep nothing is known', { live: undefined }, []],
  ['without sweeps nothing is known either', { live: ['192.168.1.1'], sweeps: false }, []],
  ['no network at all', { interfaces: [] }, [/There is no network/]],
  [
    'only left out ones',
    { interfaces: [{ ...wifi, name: 'tun0', kind: 'vpn', used: false }] },
    [/tun0: vpn.*KITH_INTERFACES/],
  ],
  [
    'the address of Docker Desktop, or a home network like it',
    { interfaces: [{ ...wifi, addresses: ['192.168.65.3'] }], live: [] },
    [/seems to be inside Docker Desktop.*npm start.*Redis and Elasticsearch may stay.*your own network\?/],
  ],
  [
    'Docker Desktop by its kernel, whatever the network',
    { interfaces: [], kernel: '6.12.54-linuxkit' },
    [/is inside Docker Desktop.*npm start on this computer.*may stay in Docker\.$/],
  ],
  [
    'Docker Desktop on Windows',
    { interfaces: [{ ...wifi, addresses: ['192.168.65.3'] }], kernel: '6.6.87.2-microsoft-standard-WSL2' },
    [/is inside Docker Desktop/],
  ],
  ['Linux of Windows without it', { kernel: '6.6.87.2-microsoft-standard-WSL2' }, []],
  [
    'its network left out is the bridge of a container network',
    { interfaces: [wifi, { ...wifi, name: 'docker0', kind: 'container', used: false, addresses: ['192.168.65.1'] }] },
    [],
  ],
  ['a full neighbour table', { tableFulls: 12 }, [/full 12 times.*gc_thresh3/]],
  ['a firewall of this machine', { unsent: { count: 254, code: 'EPERM' } }, [/did not let out 254.*EPERM/]],
  ['a large subnet', { partly: [{ subnet: '10.0.0.0/16', tried: 1024, hosts: 65534 }] }, [/1024 of 65534/]],
];

for (const [name, change, expected] of cases) {
  test(`remark: ${name}`, () => {
    const remarks = remarksOf({ ...facts, ...change });
    assert.equal(remarks.length, expected.length, remarks.join('\n'));
    for (const [i, pattern] of expected.entries()) assert.match(remarks[i] ?? '', pattern);
  });
}

test('a remark is logged once for as long as it stands, whatever its figures', () => {
  const told: string[] = [];
  const tell = createRemarkLog({ warn: (_fields: object, text: string) => void told.push(text) } as never);
  tell(['full 3 times', 'no network']);
  tell(['full 4 times', 'no network']);
  tell(['full 5 times']);
  tell(['full 5 times', 'no network']);
  assert.deepEqual(told, ['full 3 times', 'no network', 'no network']);
});

test('a name that had to be mended is told, with what is used in its place', () => {
  for (const name of [undefined, 'Ana', ' Ana ', '教室の パソコン']) assert.deepEqual(nameRemarks(name), []);
  assert.match(nameRemarks('Ana\ufe0f').join(), /calls itself “Ana”: .*KITH_NAME.* Set another name/);
  assert.match(nameRemarks('Trusted').join(), /calls itself “node Trusted”/);
});
