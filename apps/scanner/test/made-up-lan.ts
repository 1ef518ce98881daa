import { randomBytes } from 'node:crypto';
import { createMemoryPeerStore, type MembershipEvent, type PeerStore } from '@kith/membership';
import { silentLog } from '@kith/service';
import { createFakeClock, type FakeClock } from '@kith/testing';
import { type NodeId, nodeIdSchema, type PingbackReply } from '@kith/wire';
import type { Place } from '../src/probe/candidates.ts';
import type { OneProbe, Probe, Probed } from '../src/probe/probe.ts';
import { type DeviceTable, openDeviceTable } from '../src/record/device-table.ts';
import { createRecorder, type Recorder } from '../src/record/recorder.ts';

export const SELF = idOf('s');
export function idOf(letter: string): NodeId {
  return nodeIdSchema.parse(letter.repeat(52));
}

export function replyOf(letter: string, changes: Partial<PingbackReply> = {}): PingbackReply {
  return {
    kith: 1,
    id: idOf(letter),
    publicKey: letter.repeat(59),
    name: `node ${letter}`,
    gatewayPort: 5805,
    instance: `${letter.charCodeAt(0).toString(16).repeat(8)}`,
    incarnation: 1,
    state: 'running',
    documents: { count: 0, version: 0 },
    nonce: '',
    address: '10.0.0.1',
    signature: '',
    ...changes,
  };
}

/** Hosts without sockets: what each address says to a probe, changed at will, and who was asked what. */
export interface MadeUpLan {
  clock: FakeClock;
  peers: PeerStore;
  probe: Probe;
  recorder: Recorder;
  devices: DeviceTable;
  /** Missing: silent, after the whole time-out. */
  hosts: Map<string, Probed>;
  asked: (Place & { look: boolean; at: number })[];
  events: MembershipEvent[];
  put(address: string, reply: PingbackReply): void;
  refuse(address: string): void;
}

export async function createMadeUpLan(): Promise<MadeUpLan> {
  const clock = createFakeClock();
  const peers = createMemoryPeerStore({ clock });
  const hosts = new Map<string, Probed>();
  const asked: MadeUpLan['asked'] = [];
  const events: MembershipEvent[] = [];
  await peers.followEvents((event) => events.push(event));
  const probe: Probe = async (place, { look = false, withinMs = 1000, signal }: OneProbe = {}) => {
    asked.push({ ...place, look, at: clock.monotonic() });
    const answer = hosts.get(place.address);
    if (answer) return answer;
    await clock.sleep(withinMs, signal).catch(() => {});
    return hosts.get(place.address) ?? { answer: 'silent', detail: 'no answer in time', tookMs: withinMs };
  };
  const devices = await openDeviceTable({ peers, clock, log: silentLog });
  const recorder = createRecorder({ peers, devices, probe, clock, log: silentLog });
  return {
    clock,
    peers,
    probe,
    recorder,
    devices,
    hosts,
    asked,
    events,
    put: (address, reply) => hosts.set(address, { answer: reply.id === SELF ? 'self' : 'peer', reply, tookMs: 1 }),
    refuse: (address) => hosts.set(address, { answer: 'refused', detail: 'nothing listens', tookMs: 1 }),
  };
}

export const newInstance = () => randomBytes(8).toString('hex');
