import type { NodeId } from '@kith/wire';

/** Life of a peer: `suspect` missed probes, `dead` missed too many, `left` said so itself. */
export const PEER_STATES = ['alive', 'suspect', 'dead', 'left'] as const;
export type PeerState = (typeof PEER_STATES)[number];

/** What its owner lets a peer do: `pending` nothing yet, `trusted` search and fetch, `blocked` nothing. */
export const TRUST_LEVELS = ['pending', 'trusted', 'blocked'] as const;
export type Trust = (typeof TRUST_LEVELS)[number];

/** One address at which a peer's pingback was verified. */
export interface PeerAddress {
  /** IP literal; a link-local IPv6 address carries its zone (`fe80::1%eth0`). */
  readonly address: string;
  readonly pingbackPort: number;
  /** Milliseconds since 1970. */
  readonly lastSuccessAt: number;
  readonly roundTripMs: number;
}

/** Another node whose key was verified. The id decides who it is; name and addresses are hints. */
export interface Peer {
  readonly id: NodeId;
  readonly publicKey: string;
  readonly name: string;
  readonly state: PeerState;
  readonly trust: Trust;
  /** Who decided `trust`: the owner (pending too, so that the code cannot undo it) or the shared pairing code. */
  readonly trustedBy?: 'owner' | 'code';
  /** Newest success first, at most MAX_ADDRESSES. */
  readonly addresses: readonly PeerAddress[];
  readonly gatewayPort: number;
  readonly instance: string;
  readonly incarnation: number;
  /** As it said over its own connection; absent until it did. */
  readonly documents?: { readonly count: number; readonly version: number };
  /** Its pingback tells no name: `name` is the one that it told over its own connection, once it did. */
  readonly hidesName?: true;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** When `state` last changed. */
  readonly stateChangedAt: number;
  /** Probes missed in a row since the last success. */
  readonly missed: number;
  /** Set while a second instance of the same identity answers elsewhere (a cloned data directory). */
  readonly clone?: {
    readonly instance: string;
    readonly address: string;
    readonly pingbackPort?: number;
    readonly seenAt: number;
  };
  /** When `instance` was first seen; absent: `firstSeenAt`. */
  readonly instanceSince?: number;
  /**
   * One more instance of this identity, kept to tell a restart from a clone: the one that `instance` replaced
   * (`replaced`), or one seen elsewhere of which it is not clear yet whether it replaces `instance`.
   */
  readonly other?: {
    readonly instance: string;
    readonly replaced: boolean;
    readonly address: string;
    readonly pingbackPort: number;
    readonly seenAt: number;
  };
}
export const MAX_ADDRESSES = 8;

/** What an address said on the pingback port, for people: why a device is no peer. */
export const DEVICE_ANSWERS = [
  'unprobed',
  'refused',
  'silent',
  'other-service',
  'broken-protocol',
  'wrong-signature',
  'other-version',
  'many-keys',
  'self',
  'peer',
] as const;
export type DeviceAnswer = (typeof DEVICE_ANSWERS)[number];

/** Anything seen on the LAN, peer or not. Its key is the address. */
export interface Device {
  readonly address: string;
  readonly mac?: string;
  readonly interface?: string;
  readonly answer: DeviceAnswer;
  /** One sentence of evidence: what came back, cut to 200 characters, control characters removed. */
  readonly detail?: string;
  /** The peer that was verified at this address, where there is one. */
  readonly peer?: NodeId;
  readonly isDefaultGateway?: boolean;
  readonly firstSeenAt: number;
  /** Last time it was live: a fresh neighbour entry or an answer; never a mere memory. */
  readonly lastSeenAt: number;
  /** Set while it is only remembered: it was not live for DEVICE_LOST_MS. */
  readonly lostAt?: number;
}
