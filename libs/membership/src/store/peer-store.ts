import type { NodeId, Share } from '@kith/wire';
import type { MembershipEvent, NewEvent } from '../peer/event.ts';
import type { Device, Peer } from '../peer/peer.ts';

/** An address worth a probe, and why. */
export interface Candidate {
  readonly address: string;
  readonly pingbackPort: number;
  /** `asked`: it called our pingback. `look`: it asked to be looked back at now. */
  readonly source: 'asked' | 'look' | 'owner';
}

/** What this node says about itself and learns from its own services, shared between them. */
export interface NodeStatus {
  readonly documents: { readonly count: number; readonly version: number };
  /** The running pingback, by which the scanner tells its own answer from that of a copy of this identity. */
  readonly self?: { readonly instance: string; readonly incarnation: number; readonly gatewayPort: number };
  /** Second running copy of our own identity, as the scanner saw it. */
  readonly clone?: { readonly address: string; readonly instance: string; readonly seenAt: number };
  /** What the exchange that has the duty of the shared folders says of them, for its other replicas. */
  readonly folders?: FoldersStatus;
  /** What the scanner works on, for people and `kith doctor`. */
  readonly scanner?: ScannerStatus;
}

export interface FoldersStatus {
  /** Files that wait to be read. */
  readonly queued: number;
  readonly shares: readonly {
    readonly id: string;
    readonly state: Share['state'];
    readonly problem?: string;
    readonly leftOut?: Share['leftOut'];
  }[];
}

export interface ScannerStatus {
  readonly interfaces: readonly {
    readonly name: string;
    readonly kind: string;
    readonly addresses: readonly string[];
    readonly defaultGateway?: string;
    readonly used: boolean;
    readonly reason?: string;
  }[];
  readonly lastSweepAt?: number;
  readonly sweepMs?: number;
  readonly sweeping: boolean;
  /** Remarks for the owner, such as "only the default gateway answers: this Wi-Fi keeps its devices apart". */
  readonly remarks: readonly string[];
}

/** What a change returns: the new peer (undefined deletes it) and the events that tell of it. */
export interface PeerChange {
  readonly peer: Peer | undefined;
  readonly events: readonly NewEvent[];
}

/**
 * Where peers, devices, candidates and events are kept. One node's services share one store; in one process it is memory
 * or SQLite, between containers Redis.
 *
 * For every method: it may be called by many callers at once; what is returned must not be changed by the caller; what is
 * passed in is not kept by reference; a store that cannot be reached rejects with code `store_away` and changes nothing
 * or everything. After `close` every method rejects with `store_away`, and `close` may be called twice.
 */
export interface PeerStore {
  /** All peers, in order of id. */
  listPeers(): Promise<Peer[]>;
  getPeer(id: NodeId): Promise<Peer | undefined>;
  /**
   * Reads a peer, applies `rule` and writes the result with its events, as one atomic step. `rule` must be pure: it is
   * called again where another writer came between. Returns the peer as it now is. A rule that returns the peer it was
   * given (same reference) and no events writes nothing.
   */
  changePeer(id: NodeId, rule: (current: Peer | undefined) => PeerChange): Promise<Peer | undefined>;

  /** All devices, in order of address as text. */
  listDevices(): Promise<Device[]>;
  /** Writes the devices as given (the caller merges); at most MAX_DEVICES are kept, oldest `lastSeenAt` dropped first. */
  putDevices(devices: readonly Device[]): Promise<void>;
  removeDevices(addresses: readonly string[]): Promise<void>;

  /** Hands a candidate to whoever follows. Not kept for those who come later; repeated ones may be merged. */
  noteCandidate(candidate: Candidate): Promise<void>;
  /** Calls `listener` for each candidate noted from now on, until the returned function is called. */
  followCandidates(listener: (candidate: Candidate) => void): Promise<() => void>;

  readStatus(): Promise<NodeStatus>;
  /** Replaces the given fields of the status and leaves the others; `undefined` removes a field. */
  writeStatus(status: { [K in keyof NodeStatus]?: NodeStatus[K] | undefined }): Promise<void>;

  /** Appends events that belong to no peer change; returns nothing: the store gives `cursor` and `at`. */
  addEvents(events: readonly NewEvent[]): Promise<void>;
  /** Events after `cursor` (from the oldest kept, where absent or no longer kept), oldest first, at most `limit`. */
  readEvents(options: { after?: string | undefined; limit: number }): Promise<MembershipEvent[]>;
  /** The newest `limit` events, oldest first. */
  latestEvents(limit: number): Promise<MembershipEvent[]>;
  /** Calls `listener` for every event appended from now on by any writer, in order, until the returned function is called. */
  followEvents(listener: (event: MembershipEvent) => void): Promise<() => void>;

  close(): Promise<void>;
}
export const MAX_EVENTS = 10_000;
export const MAX_DEVICES = 4096;
