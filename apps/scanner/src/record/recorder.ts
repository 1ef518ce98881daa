import { judgeSelf, notThere, type Peer, type PeerStore, sameNameEvents, seen, selfCloneSeen } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import type { PingbackReply } from '@kith/wire';
import type { Source, Target } from '../probe/candidates.ts';
import type { Probe, Probed } from '../probe/probe.ts';
import type { DeviceTable } from './device-table.ts';
import { createNewcomers } from './newcomers.ts';
import { type DeviceFacts, sightingOf } from './reconcile.ts';

export interface RecorderOptions {
  peers: PeerStore;
  devices: DeviceTable;
  probe: Probe;
  clock: Clock;
  log: Log;
}

export interface Recorder {
  /** Writes what a probe brought; resolves with the peer that was verified, if one was. Rejects if the store is away. */
  record(target: Target, probed: Probed, facts?: DeviceFacts): Promise<Peer | undefined>;
}

/** Peers that were called with `look` since the start; more than that are an attacker's inventions. */
const INTRODUCED_MAX = 4096;
/** They called us a moment ago, so that they know of us. */
const KNOWS_US: ReadonlySet<Source> = new Set(['asked', 'look']);

/** Turns what a probe brought into changes of the store. */
export function createRecorder({ peers, devices, probe, clock, log }: RecorderOptions): Recorder {
  const introduced = new Set<string>();
  const newcomers = createNewcomers(() => clock.monotonic());

  const recordPeer = async (target: Target, reply: PingbackReply, roundTripMs: number) => {
    const { address, pingbackPort } = target;
    const before = await peers.getPeer(reply.id);
    const peer = await peers.changePeer(reply.id, (current) =>
      seen(current, { reply, address, pingbackPort, roundTripMs }, clock.now()),
    );
    if (peer === undefined) return undefined;
    if (before?.name !== peer.name || before.addresses[0]?.address !== address)
      await compareWithOthers(peer, before, target);
    return peer;
  };

  /** Two nodes with one name are told; whoever had this address before has it no more. */
  const compareWithOthers = async (peer: Peer, before: Peer | undefined, target: Target) => {
    const all = await peers.listPeers();
    if (before?.name !== peer.name) {
      const events = sameNameEvents(peer, all);
      if (events.length > 0) await peers.addEvents(events);
    }
    const isHere = ({ address, pingbackPort }: { address: string; pingbackPort: number }) =>
      address === target.address && pingbackPort === target.pingbackPort;
    for (const one of all) {
      if (one.id === peer.id || !one.addresses.some(isHere)) continue;
      await peers.changePeer(one.id, (current) => notThere(current, target));
    }
  };

  /** The answer of a peer that is not known yet, or that of a device where too many new ones came from there. */
  const asStranger = async (target: Target, probed: Probed, facts?: DeviceFacts): Promise<Probed> => {
    if (probed.answer !== 'peer' || (await peers.getPeer(probed.reply.id)) !== undefined) return probed;
    const { address, pingbackPort } = target;
    const mac = facts?.mac ?? devices.macOf(address);
    if (newcomers.mayJoin({ id: probed.reply.id, address, pingbackPort, mac })) return probed;
    return {
      answer: 'many-keys',
      detail: 'it shows ever new keys, and is left out until an hour has passed',
      tookMs: probed.tookMs,
    };
  };

  const recordSelf = async (target: Target, { instance }: PingbackReply) => {
    const sighting = { instance, address: target.address };
    if (judgeSelf(await peers.readStatus(), sighting) === 'own') return;
    const again = await probe(target);
    if (again.answer !== 'self') return;
    const second = { instance: again.reply.instance, address: target.address };
    const status = await peers.readStatus();
    if (judgeSelf(status, second, sighting) !== 'clone') return;
    const { clone, events } = selfCloneSeen(status, second, clock.now());
    await peers.writeStatus({ clone });
    if (events.length === 0) return;
    await peers.addEvents(events);
    log.error({ address: target.address, instance: second.instance }, events[0]?.message);
  };

  /** The first contact since the start: it is to learn of us at once and not at its next sweep. */
  const introduce = (target: Target, peer: Peer) => {
    if (introduced.has(peer.id) || introduced.size >= INTRODUCED_MAX) return;
    introduced.add(peer.id);
    if (!KNOWS_US.has(target.source)) void probe(target, { look: true });
  };

  return {
    record: async (target, found, facts) => {
      const probed = await asStranger(target, found, facts);
      devices.note(sightingOf(target.address, probed, facts));
      if (probed.answer === 'self') await recordSelf(target, probed.reply);
      if (probed.answer !== 'peer') return undefined;
      const peer = await recordPeer(target, probed.reply, probed.tookMs);
      if (peer !== undefined && probed.reply.state === 'running') introduce(target, peer);
      return peer;
    },
  };
}
