import type { NodeId } from '@kith/wire';
import { StoreAwayError } from '../errors.ts';
import type { MembershipEvent, NewEvent } from '../peer/event.ts';
import type { Device, Peer } from '../peer/peer.ts';
import { isNoChange } from './change-check.ts';
import { deepFreeze } from './deep-freeze.ts';
import { createFanOut, type FanOut } from './fan-out.ts';
import { numberAfter } from './number-cursor.ts';
import { isPassing, MAX_PASSING_EVENTS } from './passing-events.ts';
import { type Candidate, MAX_DEVICES, MAX_EVENTS, type NodeStatus, type PeerStore } from './peer-store.ts';
import { candidateSchema, deviceSchema, membershipEventSchema, peerSchema, requireRecord } from './records.ts';
import { changedStatus, EMPTY_STATUS } from './status-change.ts';
import type { WallClock } from './wall-clock.ts';

/** What several memory stores of one process share: each store is then a connection to it. */
export interface MemoryPeerState {
  readonly peers: Map<NodeId, Peer>;
  readonly devices: Map<string, Device>;
  status: NodeStatus;
  events: MembershipEvent[];
  /** Those of `events` that are of the passing kind. */
  readonly passing: Set<MembershipEvent>;
  eventCount: number;
  readonly eventListeners: FanOut<MembershipEvent>;
  readonly candidateListeners: FanOut<Candidate>;
}

export function createMemoryPeerState(): MemoryPeerState {
  return {
    peers: new Map(),
    devices: new Map(),
    status: EMPTY_STATUS,
    events: [],
    passing: new Set(),
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
  // Checked before anything is changed, so that a bad record changes nothing.
  const prepare = (events: readonly NewEvent[]) =>
    events.map((event, index) => {
      const whole = { ...event, cursor: String(state.eventCount + index + 1), at: clock.now() };
      return deepFreeze(requireRecord(membershipEventSchema, whole, 'event'));
    });
  const append = (appended: readonly MembershipEvent[], about?: Parameters<typeof isPassing>[1]) => {
    state.eventCount += appended.length;
    state.events.push(...appended);
    for (const event of appended) if (isPassing(event, about)) state.passing.add(event);
    trim();
    state.eventListeners.emit(appended);
  };
  const trim = () => {
    const over = new Set([...state.passing].slice(0, Math.max(0, state.passing.size - MAX_PASSING_EVENTS)));
    if (over.size > 0) state.events = state.events.filter((event) => !over.has(event));
    for (const event of over) state.passing.delete(event);
    for (const event of state.events.splice(0, Math.max(0, state.events.length - MAX_EVENTS)))
      state.passing.delete(event);
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
      const events = prepare(change.events);
      const peer = change.peer && deepFreeze(requireRecord(peerSchema, change.peer, 'peer'));
      if (peer === undefined) state.peers.delete(id);
      else state.peers.set(id, peer);
      append(events, { before: current, after: peer });
      return peer;
    },
    async listDevices() {
      open();
      return [...state.devices.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
    },
    async putDevices(devices) {
      open();
      const checked = devices.map((device) => deepFreeze(requireRecord(deviceSchema, device, 'device')));
      for (const device of checked) state.devices.set(device.address, device);
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
      state.candidateListeners.emit([deepFreeze(requireRecord(candidateSchema, candidate, 'candidate'))]);
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
      state.status = deepFreeze(changedStatus(state.status, status));
    },
    async addEvents(events) {
      open();
      append(prepare(events));
    },
    async readEvents({ after, limit }) {
      open();
      const position = numberAfter(after, state.eventCount);
      const from = state.events.findLastIndex(({ cursor }) => Number(cursor) <= position) + 1;
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
