import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLan } from '../src/index.ts';
import type { System } from '../src/system/system.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name), 'latin1');
const info = (address: string, mac = '7a:c0:c8:7d:f5:a8'): NetworkInterfaceInfo[] => [
  { address, cidr: `${address}/24`, netmask: '255.255.255.0', mac, family: 'IPv4', internal: false },
];

/** A system whose programs print these texts; what is not listed is not installed. Keys are `program arguments`. */
function system(
  platform: NodeJS.Platform,
  outputs: Record<string, string>,
  interfaces: System['networkInterfaces'],
): System {
  const names = new Set(Object.keys(outputs).map((line) => line.split(' ', 1)[0]));
  return {
    platform,
    programFolders: [],
    networkInterfaces: interfaces,
    readText: async () => undefined,
    list: async () => [],
    findProgram: async (name) => (names.has(name) ? `/sys/${name}` : undefined),
    run: async (file, args) => {
      const text = outputs[`${file.slice('/sys/'.length)} ${args.join(' ')}`];
      return text === undefined ? { code: 1, stdout: 'usage' } : { code: 0, stdout: text };
    },
  };
}

test('macOS: interfaces by name, gateways of netstat, neighbours of arp and ndp without its own', async () => {
  const mac = system(
    'darwin',
    {
      'netstat -rn': fixture('netstat-macos.txt'),
      'arp -an': fixture('arp-macos.txt'),
      'ndp -an': fixture('ndp-macos.txt'),
    },
    () => ({ en0: info('192.168.1.54'), utun4: info('10.5.0.2'), awdl0: info('169.254.3.3') }),
  );
  const lan = createLan({ system: mac });
  assert.deepEqual(
    (await lan.interfaces()).map(({ name, kind, used }) => `${name} ${kind} ${used}`),
    ['en0 physical true', 'awdl0 virtual false', 'utun4 vpn false'],
  );
  assert.deepEqual(
    (await lan.defaultGateways()).map((one) => `${one.interface} ${one.address}`),
    ['en0 192.168.1.1', 'en7 10.7.0.1', 'en0 fe80::56c2:50ff:fef6:d590%en0'],
  );
  const known = (await lan.neighbours()).map(({ address }) => address);
  assert.ok(known.includes('192.168.1.11') && known.includes('fd12:3456:789a::10') && !known.includes('192.168.1.54'));
  assert.equal((await lan.lookUp('192.168.1.77'))?.mac, '00:19:99:50:3a:03');
  await lan.close();
});

for (const language of ['en', 'de', 'ja']) {
  test(`Windows, ${language}: gateways of route print, neighbours of arp, by their interfaces’ names`, async () => {
    const windows = system(
      'win32',
      {
        'route print -4': fixture(`route-windows-${language}.txt`),
        'arp -a': fixture(`arp-windows-${language}.txt`),
      },
      () => ({
        Ethernet: info('192.168.178.20'),
        'vEthernet (Extern)': info('10.0.0.4', '00:15:5d:00:00:01'),
        'vEthernet (Default Switch)': info('172.20.0.1', '00:15:5d:00:00:02'),
      }),
    );
    const lan = createLan({ system: windows });
    assert.deepEqual(
      (await lan.interfaces()).map(({ name, kind, used }) => `${name} ${kind} ${used}`),
      ['Ethernet physical true', 'vEthernet (Extern) physical true', 'vEthernet (Default Switch) virtual false'],
    );
    assert.deepEqual(
      (await lan.defaultGateways()).map((one) => `${one.interface} ${one.address} ${one.source}`),
      ['Ethernet 192.168.178.1 system', 'vEthernet (Extern) 10.0.0.138 system'],
    );
    assert.deepEqual(
      (await lan.neighbours()).map((one) => `${one.address} ${one.interface}`),
      ['192.168.178.1 Ethernet', '192.168.178.22 Ethernet', '10.0.0.138 vEthernet (Extern)'],
    );
    await lan.close();
  });
}

test('a system without any of its programs: less is known, nothing fails', async () => {
  for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const) {
    const lan = createLan({ system: system(platform, {}, () => ({ en0: info('192.168.1.54') })) });
    assert.equal((await lan.interfaces()).length, 1);
    assert.deepEqual(await lan.defaultGateways(), []);
    assert.deepEqual(await lan.neighbours(), []);
    await lan.close();
  }
});

test('programs that fail or print usage are no answer', async () => {
  const odd = system(
    'darwin',
    { 'netstat -x': '', 'arp -x': '', 'route -n get default': fixture('route-get-macos.txt') },
    () => ({}),
  );
  const lan = createLan({ system: odd });
  assert.deepEqual(await lan.neighbours(), []);
  assert.deepEqual(
    (await lan.defaultGateways()).map(({ address }) => address),
    ['192.168.1.1'],
  );
  await lan.close();
});
