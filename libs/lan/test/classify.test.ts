import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseInterface } from '../src/interfaces/choose-interface.ts';
import { classify } from '../src/interfaces/classify.ts';
import type { InterfaceFacts, LinuxFacts } from '../src/interfaces/interface-facts.ts';
import type { InterfaceAddress, InterfaceClass } from '../src/lan.ts';

const sys = (facts: Partial<LinuxFacts> = {}): LinuxFacts => ({
  ...{ type: 1, hasDevice: false, isWireless: false, isTun: false, flags: 0x1003, realMembers: [] },
  ...facts,
});
type Row = [name: string, kind: InterfaceClass, facts?: Partial<LinuxFacts>, why?: RegExp];

const linux: Row[] = [
  ['lo', 'loopback', { type: 772 }],
  ['eth0', 'physical', { hasDevice: true }, /device is behind it/],
  ['enp5s0', 'physical', { hasDevice: true }],
  ['enx00e04c', 'physical', { hasDevice: true }],
  ['usb0', 'physical', { hasDevice: true }],
  ['wlan0', 'wireless', { hasDevice: true, isWireless: true, devtype: 'wlan' }],
  ['wlp3s0', 'wireless', { hasDevice: true, isWireless: true }],
  ['eth0', 'physical', {}, /container or lab machine/],
  ['h0', 'virtual', {}, /no device is behind it/],
  ['veth12ab34c', 'container', {}],
  ['docker0', 'container', { devtype: 'bridge' }],
  ['docker_gwbridge', 'container', { devtype: 'bridge' }],
  ['br-1a2b3c4d5e6f', 'container', { devtype: 'bridge' }],
  ['br0', 'physical', { devtype: 'bridge', realMembers: ['eno1'] }, /network card eno1/],
  ['br-lan', 'physical', { devtype: 'bridge', realMembers: ['eth1'] }],
  ['br1', 'virtual', { devtype: 'bridge' }],
  ['vmbr0', 'physical', { devtype: 'bridge', realMembers: ['enp1s0'] }],
  ['bond0', 'physical', { devtype: 'bond', realMembers: ['eno1', 'eno2'] }],
  ['eth0.10', 'physical', { devtype: 'vlan', realMembers: ['eth0'] }],
  ['vlan7', 'virtual', { devtype: 'vlan' }],
  ['cni0', 'container', { devtype: 'bridge' }],
  ['cali12345', 'container', {}],
  ['lxdbr0', 'container', { devtype: 'bridge' }],
  ['virbr0', 'virtual', { devtype: 'bridge' }],
  ['vnet3', 'virtual', { isTun: true }],
  ['vmnet8', 'virtual', {}],
  ['vboxnet0', 'virtual', {}],
  ['ifb0', 'virtual', {}],
  ['dummy0', 'virtual', {}],
  ['tun0', 'vpn', { type: 65534, isTun: true, flags: 0x1091 }],
  ['tap0', 'vpn', { isTun: true }],
  ['wg0', 'vpn', { type: 65534, devtype: 'wireguard' }],
  ['company', 'vpn', { type: 65534, devtype: 'wireguard' }, /WireGuard/],
  ['mytunnel', 'vpn', { isTun: true }, /TUN/],
  ['tailscale0', 'vpn', { type: 65534, isTun: true }],
  ['ztabcdefgh', 'vpn', { isTun: true }],
  ['ppp0', 'vpn', { type: 512, flags: 0x10d1 }],
  ['wwan0', 'vpn', { hasDevice: true, type: 519 }, /without hardware addresses/],
];
for (const [name, kind, facts, why] of linux) {
  test(`Linux: ${name} ${JSON.stringify(facts)} is ${kind}`, () => {
    const found = classify('linux', { name, linux: sys(facts) });
    assert.equal(found.kind, kind, found.because);
    if (why) assert.match(found.because, why);
  });
}

const others: [NodeJS.Platform, InterfaceFacts, InterfaceClass][] = [
  ['linux', { name: 'eth0' }, 'physical'],
  ['linux', { name: 'wlan0' }, 'wireless'],
  ['linux', { name: 'foo0' }, 'virtual'],
  ['darwin', { name: 'lo0', internal: true }, 'loopback'],
  ['darwin', { name: 'en0' }, 'physical'],
  ['darwin', { name: 'utun3' }, 'vpn'],
  ['darwin', { name: 'feth1976' }, 'vpn'],
  ['darwin', { name: 'awdl0' }, 'virtual'],
  ['darwin', { name: 'bridge100' }, 'virtual'],
  ['darwin', { name: 'vmenet0' }, 'virtual'],
  ['win32', { name: 'Loopback Pseudo-Interface 1', internal: true }, 'loopback'],
  ['win32', { name: 'Ethernet' }, 'physical'],
  ['win32', { name: 'Ethernet 2', mac: '0a:00:27:00:00:0e' }, 'virtual'],
  ['win32', { name: 'LAN-Verbindung' }, 'physical'],
  ['win32', { name: 'Wi-Fi' }, 'wireless'],
  ['win32', { name: 'WLAN' }, 'wireless'],
  ['win32', { name: 'Drahtlosnetzwerkverbindung' }, 'wireless'],
  ['win32', { name: 'LAN-Verbindung* 10' }, 'virtual'],
  ['win32', { name: 'vEthernet (WSL)' }, 'container'],
  ['win32', { name: 'vEthernet (Default Switch)', mac: '00:15:5d:01:02:03' }, 'virtual'],
  ['win32', { name: 'vEthernet (Extern)', hasDefaultGateway: true }, 'physical'],
  ['win32', { name: 'VMware Network Adapter VMnet8' }, 'virtual'],
  ['win32', { name: 'OpenVPN TAP-Windows6', hasDefaultGateway: true }, 'vpn'],
  ['win32', { name: 'Tailscale' }, 'vpn'],
];
for (const [platform, facts, kind] of others) {
  test(`${platform}: ${facts.name} is ${kind}`, () => assert.equal(classify(platform, facts).kind, kind));
}

const at = (address: string, prefix: number, isPrivate = true): InterfaceAddress => ({
  ...{ address, prefix, isPrivate, subnet: `${address}/${prefix}` },
  family: address.includes(':') ? 6 : 4,
});
const card = { name: 'eth0', linux: sys({ hasDevice: true }), addresses: [at('192.168.1.4', 24), at('fe80::1', 64)] };

test('a card is used, with its IPv4 subnets to sweep; a reason is always given', () => {
  const used = chooseInterface('linux', card);
  assert.deepEqual([used.used, used.kind, used.sweepable], [true, 'physical', ['192.168.1.4/24']]);
  assert.match(used.reason, /network card/);
});

test('what is left out says why, and the owner’s word goes before the rule', () => {
  const docker = { name: 'docker0', linux: sys({ devtype: 'bridge' }), addresses: [at('172.17.0.1', 16)] };
  const left = chooseInterface('linux', docker);
  assert.deepEqual([left.used, left.sweepable], [false, []]);
  assert.match(left.reason, /container network: its name is that of a Docker bridge/);
  assert.equal(chooseInterface('linux', docker, { include: ['docker0'] }).used, true);
  assert.match(chooseInterface('linux', card, { exclude: ['eth0'] }).reason, /settings/);
});

test('no address, no private address, a point-to-point subnet: nothing is swept', () => {
  assert.match(chooseInterface('linux', { ...card, addresses: [] }).reason, /no address/);
  const open = chooseInterface('linux', { ...card, addresses: [at('8.8.4.4', 24, false)] }, { include: ['eth0'] });
  assert.deepEqual([open.used, open.sweepable], [false, []]);
  const pair = chooseInterface('linux', { ...card, addresses: [at('10.0.0.1', 31)] });
  assert.deepEqual([pair.used, pair.sweepable], [true, []]);
});
