import type { InterfaceClass } from '../lan.ts';
import type { Classified, InterfaceFacts, LinuxFacts } from './interface-facts.ts';

type Rule = readonly [pattern: RegExp, kind: InterfaceClass, because: string];

const NAMES: readonly Rule[] = [
  [/^lo$/, 'loopback', 'it is the loopback'],
  [/^docker(\d|_gwbridge)/, 'container', 'its name is that of a Docker bridge'],
  [/^br-[0-9a-f]{12}$/, 'container', 'its name is that of a Docker network’s bridge'],
  [/^veth/, 'container', 'it is the host’s end of a container’s cable'],
  [
    /^(cni|flannel|cali|cilium|lxc|lxd|incus|podman|nerdctl|kube|weave|vxlan|nodelocaldns)/,
    'container',
    'its name is that of a container network',
  ],
  [
    /^(tailscale|zt[0-9a-z]{8}|nordlynx|proton|mullvad|wg|CloudflareWARP|gpd|cscotun|ipsec|ppp|utun|tun)/,
    'vpn',
    'its name is that of a VPN',
  ],
  [
    /^(virbr|vnet|vmnet|vboxnet|dummy|ifb|macvtap|fwbr|fwln|fwpr|ovs)/,
    'virtual',
    'its name is that of a virtual machine network',
  ],
  [/^(sit|ip6tnl|tunl|gre|gretap|erspan|ip_vti|ip6_vti|teql)/, 'virtual', 'it is a kernel tunnel'],
];

const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;
const IFF_POINTOPOINT = 0x10;
const CARD_NAME = /^(eth|en)[0-9a-z]*/;

/** What `/sys` says goes before the name, and a name that only one program gives goes before "it looks like a card". */
export function linuxClass({ name, linux, internal }: InterfaceFacts): Classified {
  if (internal || linux?.type === ARPHRD_LOOPBACK) return { kind: 'loopback', because: 'it is the loopback' };
  const named = NAMES.find(([pattern]) => pattern.test(name));
  if (named) return { kind: named[1], because: named[2] };
  if (linux === undefined) return withoutFacts(name);
  return byDriver(linux) ?? byMembers(linux) ?? byLook(name);
}

function byDriver(facts: LinuxFacts): Classified | undefined {
  if (facts.devtype === 'wireguard') return { kind: 'vpn', because: 'its driver is WireGuard' };
  if (facts.isTun) return { kind: 'vpn', because: 'a program made it with the TUN/TAP driver' };
  if (facts.isWireless || facts.devtype === 'wlan')
    return { kind: 'wireless', because: 'its driver is a wireless one' };
  if (facts.type !== ARPHRD_ETHER) return { kind: 'vpn', because: 'it is a tunnel without hardware addresses' };
  if ((facts.flags & IFF_POINTOPOINT) !== 0) return { kind: 'vpn', because: 'it leads to one machine only' };
  if (facts.hasDevice) return { kind: 'physical', because: 'a device is behind it' };
  return undefined;
}

/** Bridges, bonds and VLANs are as real as what is in or under them: on many servers `br0` carries the LAN's address. */
function byMembers(facts: LinuxFacts): Classified | undefined {
  const [member] = facts.realMembers;
  if (member !== undefined) return { kind: 'physical', because: `the network card ${member} is part of it` };
  if (facts.devtype === 'bridge') return { kind: 'virtual', because: 'it is a bridge without a network card' };
  if (facts.devtype === 'vlan' || facts.devtype === 'bond') {
    return { kind: 'virtual', because: `it is a ${facts.devtype} without a network card` };
  }
  return undefined;
}

function byLook(name: string): Classified {
  // Inside a container or a namespace the only cable is a veth or macvlan that was given a card's name.
  if (CARD_NAME.test(name)) {
    return { kind: 'physical', because: 'it has a card’s name: it is what a container or lab machine has for one' };
  }
  return { kind: 'virtual', because: 'no device is behind it and its name is not that of a card' };
}

function withoutFacts(name: string): Classified {
  if (/^wl/.test(name)) return { kind: 'wireless', because: 'its name is that of a wireless card' };
  if (CARD_NAME.test(name)) return { kind: 'physical', because: 'its name is that of a network card' };
  return { kind: 'virtual', because: 'its name is not that of a card' };
}
