import type { InterfaceClass } from '../lan.ts';
import { linuxClass } from './classify-linux.ts';
import type { Classified, InterfaceFacts } from './interface-facts.ts';

type Rule = readonly [pattern: RegExp, kind: InterfaceClass, because: string];

const MACOS: readonly Rule[] = [
  [/^lo\d/, 'loopback', 'it is the loopback'],
  [/^(utun|ipsec|ppp|feth|zt|wg)\d*/, 'vpn', 'its name is that of a VPN tunnel'],
  [/^(awdl|llw|ap|anpi)\d/, 'virtual', 'it is Apple’s own link between devices, not a network'],
  [/^bridge\d/, 'virtual', 'it joins virtual machines or Thunderbolt cables'],
  [/^(vmenet|vmnet|vnic|vboxnet|gif|stf|XHC|pktap)\d*/, 'virtual', 'its name is that of a virtual machine or tunnel'],
  [/^en\d/, 'physical', 'its name is that of a network card'],
];

const WINDOWS: readonly Rule[] = [
  [/loopback/i, 'loopback', 'it is a loopback'],
  [
    /vpn|wireguard|tailscale|zerotier|nordlynx|wintun|\btap\b|hamachi|anyconnect|fortinet|globalprotect|warp|mullvad|outline/i,
    'vpn',
    'its name is that of a VPN',
  ],
  [/docker|\bWSL\b/i, 'container', 'its name is that of a container network'],
  [
    /vEthernet|vmware|virtualbox|vmnet|host-only|hyper-v|npcap/i,
    'virtual',
    'its name is that of a virtual machine network',
  ],
  // Names of hidden Wi-Fi Direct adapters end in "* 10" in every language.
  [/\* ?\d+$/, 'virtual', 'it is a hidden adapter of Wi-Fi Direct'],
  [
    /wi-?fi|wlan|wireless|drahtlos|sans fil|inal[aá]mbric|senza fili|ワイヤレス|无线|無線/i,
    'wireless',
    'its name says so',
  ],
];

/** Hyper-V, VirtualBox host-only and VMware host adapters, by the prefixes that those programs give. */
const VIRTUAL_MACS = /^(00:15:5d|0a:00:27|00:50:56:c0)/;

/** What kind of adapter an interface is, decided by rule from its name and what the system says of it. */
export function classify(platform: NodeJS.Platform, facts: InterfaceFacts): Classified {
  if (platform === 'linux' || platform === 'android') return linuxClass(facts);
  if (facts.internal) return { kind: 'loopback', because: 'the system marks it as internal' };
  if (platform === 'win32') return windowsClass(facts);
  return byName(MACOS, facts.name) ?? { kind: 'virtual', because: 'its name is not that of a network card' };
}

function windowsClass(facts: InterfaceFacts): Classified {
  const named = byName(WINDOWS, facts.name);
  const looksVirtual = facts.mac !== undefined && VIRTUAL_MACS.test(facts.mac);
  // With an external Hyper-V switch the machine's own address moves to a vEthernet adapter, and its router with it.
  const mayCarryTheLan = named === undefined || (named.kind === 'virtual' && /^vEthernet/i.test(facts.name));
  if (mayCarryTheLan && facts.hasDefaultGateway) {
    return { kind: 'physical', because: 'it has the way to the router' };
  }
  if (named) return named;
  if (looksVirtual) return { kind: 'virtual', because: 'its hardware address is that of a virtual machine network' };
  return { kind: 'physical', because: 'nothing marks it as virtual' };
}

export function byName(rules: readonly Rule[], name: string): Classified | undefined {
  const rule = rules.find(([pattern]) => pattern.test(name));
  return rule && { kind: rule[1], because: rule[2] };
}
