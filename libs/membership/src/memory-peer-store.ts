import type { NodeId } from '@kith/wire';
import { isNoChange } from './change-check.ts';
import { StoreAwayError } from './errors.ts';
import type { MembershipEvent, NewEvent } from './event.ts';
import { createFanOut, type FanOut } from './fan-out.ts';
import { frozenCopy } from './frozen-copy.ts';
import { numberAfter } from './number-cursor.ts';
import type { Device, Peer } from './peer.ts';
import { type Candidate, MAX_DEVICES, MAX_EVENTS, type NodeStatus, type PeerStore } from './peer-store.ts';
import type { WallClock } from './wall-clock.ts';

/** What several memory stores of one process share: each store is then a connection to it. */
export interface MemoryPeerState {
  readonly peers: Map<NodeId, Peer>;
  readonly devices: Map<string, Device>;
  status: NodeStatus;
  events: MembershipEvent[];
  eventCount: number;
  readonly eventListeners: FanOut<MembershipEvent>;
  readonly candidateListeners: FanOut<Candidate>;
}

export function createMemoryPeerState(): MemoryPeerState {
  return {
    peers: new Map(),
    devices: new Map(),
    status: { documents: { count: 0, version: 0 } },
    events: [],
    eventCount: 0,
    eventListeners: createFanOut(),
    candidateListeners: createFanOut(),
  };
}

/** A PeerStore that lives as long as the process. Followers are called before the writing method resolves. */
export function createMemoryPeerStore(options: { clock: WallClock; state?: MemoryPeerState }): PeerStore {
  const { clock, state = createMemoryPeerState() } = options;
  const stops = new Set<() => void>();
  let isClosed = false;

  const open = () => {
    if (isClosed) throw new StoreAwayError('The store of peers is closed.');
  };
  const follow = (stop: () => void) => {
    stops.add(stop);
    return () => {
      stops.delete(stop);
      stop();
    };
  };
  const append = (events: readonly NewEvent[]) => {
    const appended = events.map((event): MembershipEvent => {
      state.eventCount += 1;
      return frozenCopy({ ...event, cursor: String(state.eventCount), at: clock.now() });
    });
    state.events.push(...appended);
    if (state.events.length > MAX_EVENTS) state.events = state.events.slice(-MAX_EVENTS);
    state.eventListeners.emit(appended);
  };

  return {
    async listPeers() {
      open();
      return [...state.peers.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async getPeer(id) {
      open();
      return state.peers.get(id);
    },
    async changePeer(id, rule) {
      open();
      const current = state.peers.get(id);
      const change = rule(current);
      if (isNoChange(id, current, change)) return current;
      if (change.peer === undefined) state.peers.delete(id);
      else if (change.peer !== current) state.peers.set(id, frozenCopy(change.peer));
      const now = state.peers.get(id);
      append(change.events);
      return now;
    },
    async listDevices() {
      open();
      return [...state.devices.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
    },
    async putDevices(devices) {
      open();
      for (const device of devices) state.devices.set(device.address, frozenCopy(device));
      const surplus = state.devices.size - MAX_DEVICES;
      if (surplus <= 0) return;
      const oldest = [...state.devices.values()].sort((a, b) => a.lastSeenAt - b.lastSeenAt).slice(0, surplus);
      for (const { address } of oldest) state.devices.delete(address);
    },
    async removeDevices(addresses) {
      open();
      for (const address of addresses) state.devices.delete(address);
    },
    async noteCandidate(candidate) {
      open();
      state.candidateListeners.emit([frozenCopy(candidate)]);
    },
    async followCandidates(listener) {
      open();
      return follow(state.candidateListeners.add(listener));
    },
    async readStatus() {
      open();
      return state.status;
    },
    async writeStatus(status) {
      open();
      const merged = Object.entries({ ...state.status, ...status }).filter(([, value]) => value !== undefined);
      state.status = frozenCopy({ documents: { count: 0, version: 0 }, ...Object.fromEntries(merged) });
    },
    async addEvents(events) {
      open();
      append(events);
    },
    async readEvents({ after, limit }) {
      open();
      const position = numberAfter(after, state.eventCount);
      const first = state.eventCount - state.events.length;
      const from = Math.max(0, position - first);
      return state.events.slice(from, from + limit);
    },
    async latestEvents(limit) {
      open();
      return limit > 0 ? state.events.slice(-limit) : [];
    },
    async followEvents(listener) {
      open();
      return follow(state.eventListeners.add(listener));
    },
    async close() {
      isClosed = true;
      for (const stop of stops) stop();
      stops.clear();
    },
  };
}
