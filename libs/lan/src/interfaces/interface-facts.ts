import type { InterfaceClass } from '../lan.ts';

/** What is known of an interface besides its name; each is absent where the system does not tell. */
export interface InterfaceFacts {
  readonly name: string;
  readonly mac?: string;
  /** The system's own flag (os.networkInterfaces). */
  readonly internal?: boolean;
  readonly hasDefaultGateway?: boolean;
  readonly linux?: LinuxFacts;
}

/** From `/sys/class/net/<name>`. */
export interface LinuxFacts {
  /** ARPHRD number: 1 Ethernet, 772 loopback, 65534 none (tunnels), 512 PPP. */
  readonly type: number;
  /** DEVTYPE of `uevent`: wlan, bridge, vlan, bond, wireguard, … */
  readonly devtype?: string;
  /** A real device (PCI, USB, virtio, …) is behind it. */
  readonly hasDevice: boolean;
  readonly isWireless: boolean;
  /** Made by the TUN/TAP driver. */
  readonly isTun: boolean;
  /** IFF_ flags. */
  readonly flags: number;
  /** Interfaces under it (a VLAN's parent, a bond's members) or in it (a bridge's ports) that have a real device. */
  readonly realMembers: readonly string[];
}

export interface Classified {
  readonly kind: InterfaceClass;
  /** By what it was told, one clause: "its name is that of a Docker bridge". */
  readonly because: string;
}
