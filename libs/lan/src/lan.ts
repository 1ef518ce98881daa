/** What kind of adapter an interface is: `physical` and `wireless` are used by default, the others are left out. */
export const INTERFACE_CLASSES = ['physical', 'wireless', 'container', 'vpn', 'virtual', 'loopback'] as const;
export type InterfaceClass = (typeof INTERFACE_CLASSES)[number];

export interface InterfaceAddress {
  /** IP literal without zone. */
  readonly address: string;
  readonly family: 4 | 6;
  /** Length of the prefix in bits. */
  readonly prefix: number;
  /** The subnet it lies in, such as `192.168.1.0/24`. */
  readonly subnet: string;
  /** RFC 1918, link-local, unique local or loopback: the only ranges in which anything is ever sent unasked. */
  readonly isPrivate: boolean;
}

export interface LanInterface {
  readonly name: string;
  readonly kind: InterfaceClass;
  /** Lower-case hexadecimal with colons; absent where it has none. */
  readonly mac?: string;
  readonly addresses: readonly InterfaceAddress[];
  /** Whether this node works on it. */
  readonly used: boolean;
  /** Why it is used or left out: one sentence for people. */
  readonly reason: string;
  /** The IPv4 subnets of a used interface that may be swept; empty where it is not used. */
  readonly sweepable: readonly string[];
}

/** Where an interface sends what is not on its own subnet: the router. */
export interface DefaultGateway {
  readonly interface: string;
  /** IP literal; a link-local IPv6 address carries its zone. */
  readonly address: string;
  readonly family: 4 | 6;
  /** The system's order of preference, lowest first. */
  readonly metric: number;
  /** `network`: the second opinion, asked only where the system's own table cannot be read. */
  readonly source: 'system' | 'network';
}

/** A complete entry of the operating system's neighbour table. */
export interface Neighbour {
  /** IP literal; a link-local IPv6 address carries its zone (`fe80::1%eth0`). */
  readonly address: string;
  /** Lower-case hexadecimal with colons, two digits each. */
  readonly mac: string;
  readonly interface?: string;
  /**
   * True where it is known to have answered just now; false where it may be a mere memory: tables keep those who left
   * for minutes.
   */
  readonly fresh: boolean;
}

export interface SweepOptions {
  /** Name of an interface of this machine; need not be a `used` one. */
  readonly interface: string;
  /** Private IPv4 subnet in which the interface has an address. */
  readonly subnet: string;
  readonly signal?: AbortSignal;
  /** Called once for each address found, as the table fills; again only if its MAC changes. Must not throw. */
  readonly onNeighbour: (neighbour: Neighbour) => void;
  /** Most addresses to ask. Default 1024: own /24 first, then /24s with a neighbour, then the rest in a mixed order. */
  readonly maxHosts?: number;
  /** Addresses on which a neighbour was seen before: their /24s come early in a large range. */
  readonly near?: Iterable<string>;
}

export interface SweepResult {
  /** Addresses that were asked. */
  readonly asked: number;
  /** Addresses of the subnet beyond `maxHosts` (or the abort), which were not asked. */
  readonly left: number;
  readonly found: number;
  readonly elapsedMs: number;
  /** How many times the kernel's neighbour table was full, so that the sweep waited and went on slower. */
  readonly tableFull: number;
  /** Datagrams that this machine itself did not let out, with the system's error code: a firewall or a privacy setting. */
  readonly unsent?: { readonly count: number; readonly code: string };
}

export type NetworkChange =
  /** `interfaces`: names whose addresses or existence changed. */
  | { readonly type: 'addresses'; readonly interfaces: readonly string[] }
  /** The clock jumped: the machine slept (or its clock was set). */
  | { readonly type: 'wake'; readonly sleptMs: number };

/**
 * The local network as this machine sees it. Nothing here needs privileges. Reading never rejects for something that the
 * system does not have or that a command did not say: less is known then, and the log says why.
 */
export interface Lan {
  /** All interfaces, used ones first, then by name. */
  interfaces(): Promise<LanInterface[]>;
  /** The primary default gateway of each interface and family, best metric first. */
  defaultGateways(): Promise<DefaultGateway[]>;
  /** The complete entries of the neighbour table, without this machine's own addresses, multicast and broadcast. */
  neighbours(): Promise<Neighbour[]>;
  /** One address, asked for if the table does not have it; undefined if nobody answers. Rejects with `not_private`. */
  lookUp(address: string): Promise<Neighbour | undefined>;
  /**
   * One pass over a subnet: makes the kernel resolve each address and tells who is there. Resolves when all were asked
   * and stragglers had their time; aborting resolves early with what was done. Rejects with code `not_private` or
   * `bad_sweep` before anything is sent.
   */
  sweep(options: SweepOptions): Promise<SweepResult>;
  /** Calls `listener`, which must not throw, for each change from now on, until the returned function is called. */
  watchChanges(listener: (change: NetworkChange) => void): () => void;
  /** Ends watching and sweeps; may be called twice. */
  close(): Promise<void>;
}
