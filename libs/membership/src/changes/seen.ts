import { type PingbackReply, untoldName } from '@kith/wire';
import type { NewEvent } from '../peer/event.ts';
import type { Peer, PeerAddress } from '../peer/peer.ts';
import { showPeer } from '../peer/peer-label.ts';
import type { PeerChange } from '../store/peer-store.ts';
import { addressNews, withAddress } from './peer-addresses.ts';
import { type InstanceSighting, isAt, judgeInstance, rivalIsClone } from './peer-instance.ts';

/** A pingback reply whose signature, nonce, address and id were verified, and how it was got. */
export interface Sighting {
  readonly reply: Pick<
    PingbackReply,
    'id' | 'publicKey' | 'name' | 'gatewayPort' | 'instance' | 'incarnation' | 'state'
  >;
  /** The address that was asked, with its zone where it has one. */
  readonly address: string;
  readonly pingbackPort: number;
  /** From sending the probe to this moment. */
  readonly roundTripMs: number;
}

/** A clone that was not seen for this long is taken to be gone. Sweeps come every few minutes and would see it. */
export const CLONE_QUIET_MS = 10 * 60_000;

/** A peer was verified at an address. Two nodes with one name are the caller's to tell (`sameNameEvents`). */
export function seen(current: Peer | undefined, sighting: Sighting, nowMs: number): PeerChange {
  const { reply, roundTripMs } = sighting;
  const askedAt = nowMs - roundTripMs;
  const place: PeerAddress = {
    address: sighting.address,
    pingbackPort: sighting.pingbackPort,
    lastSuccessAt: nowMs,
    roundTripMs,
  };
  const isLeaving = reply.state === 'leaving';
  if (current === undefined) {
    return isLeaving ? { peer: undefined, events: [] } : found(sighting, place, nowMs);
  }
  const instance: InstanceSighting = {
    instance: reply.instance,
    incarnation: reply.incarnation,
    address: sighting.address,
    pingbackPort: sighting.pingbackPort,
    askedAt,
  };
  const verdict = judgeInstance(current, instance);
  if (verdict === 'late') return { peer: current, events: [] };
  if (verdict === 'clone') return isLeaving ? cloneGone(current, place) : cloneSeen(current, instance, nowMs);
  if (verdict === 'rival') return { peer: isLeaving ? current : withRival(current, instance, nowMs), events: [] };
  // The answer was under way when the peer said that it leaves.
  const isStale = verdict === 'same' && current.state === 'left' && askedAt <= current.stateChangedAt;
  if (isStale && !isLeaving) return { peer: current, events: [] };
  return answered(current, sighting, place, verdict, nowMs);
}

function found({ reply }: Sighting, place: PeerAddress, nowMs: number): PeerChange {
  const { id, publicKey, name, gatewayPort, instance, incarnation } = reply;
  const peer: Peer = {
    id,
    publicKey,
    name,
    state: 'alive',
    trust: 'pending',
    addresses: [place],
    gatewayPort,
    instance,
    incarnation,
    ...(hidesName(reply) ? { hidesName: true } : {}),
    firstSeenAt: nowMs,
    lastSeenAt: nowMs,
    stateChangedAt: nowMs,
    missed: 0,
    instanceSince: nowMs,
  };
  return { peer, events: [tell(peer, 'peer-found', `${showPeer(peer)} was found at ${place.address}.`, place)] };
}

function answered(
  current: Peer,
  { reply, roundTripMs }: Sighting,
  place: PeerAddress,
  verdict: 'same' | 'newer',
  nowMs: number,
): PeerChange {
  const isNewer = verdict === 'newer';
  const events: NewEvent[] = [];
  const state = reply.state === 'leaving' ? 'left' : 'alive';
  const { clone, other, hidesName: _before, ...rest } = current;
  const peer: Peer = {
    ...rest,
    publicKey: reply.publicKey,
    // Whoever knew its name goes on knowing it.
    ...(hidesName(reply) ? { hidesName: true } : { name: reply.name }),
    state,
    addresses: withAddress(current.addresses, place),
    gatewayPort: reply.gatewayPort,
    instance: reply.instance,
    incarnation: isNewer ? reply.incarnation : Math.max(reply.incarnation, current.incarnation),
    lastSeenAt: nowMs,
    stateChangedAt: state === current.state ? current.stateChangedAt : nowMs,
    missed: 0,
    ...(isNewer ? { instanceSince: nowMs, other: replacedBy(current, place, nowMs) } : {}),
    ...(!isNewer && other ? { other } : {}),
    ...(clone && clone.instance !== reply.instance ? { clone } : {}),
  };
  const shown = showPeer(peer);
  if (isNewer) events.push(tell(peer, 'peer-restarted', `${shown} was started again.`, place));
  const news = addressNews(current, place);
  if (news !== 'none') {
    const from = current.addresses[0]?.address ?? '';
    const sentence =
      news === 'moved' ? `answers at ${place.address} now, before at ${from}` : `answers at ${place.address} too`;
    events.push(tell(peer, 'peer-moved', `${shown} ${sentence}.`, place, { from, also: news === 'also' }));
  }
  if (peer.name !== current.name) {
    const sentence = `${shown} has a new name; before it was “${current.name}”.`;
    events.push(tell(peer, 'peer-renamed', sentence, place, { from: current.name, to: peer.name }));
  }
  if (state !== current.state) {
    events.push(
      state === 'left'
        ? tell(peer, 'peer-left', `${shown} has left.`, place)
        : tell(peer, 'peer-alive', `${shown} is here again.`, place, { before: current.state }),
    );
  }
  return isNewer ? { peer, events } : withCloneRules(peer, events, nowMs - roundTripMs, nowMs);
}

const hidesName = ({ id, name }: Sighting['reply']): boolean => name === untoldName(id);

/** The known instance answered: a rival that it outlived is a clone; a clone not seen for long is gone. */
function withCloneRules(peer: Peer, events: readonly NewEvent[], askedAt: number, nowMs: number): PeerChange {
  if (peer.other && rivalIsClone(peer, askedAt)) {
    const { other, ...rest } = peer;
    const change = cloneSeen(rest, { ...other, incarnation: 0, askedAt: other.seenAt }, other.seenAt);
    return { peer: change.peer, events: [...events, ...change.events] };
  }
  if (peer.clone && nowMs - peer.clone.seenAt > CLONE_QUIET_MS) {
    const change = cloneGone(peer, peer.clone);
    return { peer: change.peer, events: [...events, ...change.events] };
  }
  return { peer, events };
}

/** Two instances run at once. The known one stays; the other's address is never used for the peer. */
function cloneSeen(current: Peer, instance: InstanceSighting, seenAt: number): PeerChange {
  const { other, ...rest } = current;
  const place = { address: instance.address, pingbackPort: instance.pingbackPort };
  const addresses = current.addresses.filter((one) => !isAt(one, place));
  const peer: Peer = {
    ...rest,
    ...(other && other.instance !== instance.instance ? { other } : {}),
    // Two machines with one IP address take turns at it: then it stays, or the peer would have none.
    addresses: addresses.length > 0 ? addresses : current.addresses,
    clone: { instance: instance.instance, ...place, seenAt },
  };
  if (current.clone?.instance === instance.instance) return { peer, events: [] };
  const sentence =
    `${showPeer(peer)} runs twice: at ${peer.addresses[0]?.address ?? 'an unknown address'} ` +
    `and at ${place.address}. Its data folder was copied; one of the two must get a fresh one.`;
  return { peer, events: [tell(peer, 'peer-clone', sentence, place, { instance: instance.instance })] };
}

function cloneGone(current: Peer, place: { readonly address: string }): PeerChange {
  const { clone, other, ...rest } = current;
  const peer: Peer = other?.replaced === false ? { ...rest, other } : rest;
  if (!clone) return { peer, events: [] };
  const sentence = `${showPeer(peer)} runs only once again.`;
  return { peer, events: [tell(peer, 'peer-clone', sentence, place, { gone: true })] };
}

function withRival(current: Peer, { instance, address, pingbackPort }: InstanceSighting, nowMs: number): Peer {
  // The first sighting counts: an answer of the known instance after it settles the matter.
  if (current.other?.instance === instance) return current;
  return { ...current, other: { instance, replaced: false, address, pingbackPort, seenAt: nowMs } };
}

function replacedBy(current: Peer, place: PeerAddress, nowMs: number): NonNullable<Peer['other']> {
  const { address, pingbackPort } = current.addresses.find((one) => !isAt(one, place)) ?? place;
  return {
    instance: current.instance,
    replaced: true,
    address,
    pingbackPort,
    seenAt: Math.min(current.lastSeenAt, nowMs),
  };
}

function tell(
  peer: Peer,
  type: NewEvent['type'],
  message: string,
  { address }: { readonly address: string },
  data?: NonNullable<NewEvent['data']>,
): NewEvent {
  return { type, message, peer: peer.id, address, ...(data ? { data } : {}) };
}
