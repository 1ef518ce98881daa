import type { NodeId } from '@kith/wire';
import type { Device, NewEvent, Peer, PeerChange } from '../src/index.ts';

/** A valid id whose order is that of `number`. */
export function sampleId(number: number): NodeId {
  const letters = [...String(number).padStart(8, '0')].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  return letters.padEnd(52, 'x') as NodeId;
}

export function samplePeer(number: number, fields: Partial<Peer> = {}): Peer {
  return {
    id: sampleId(number),
    publicKey: 'k'.repeat(59),
    name: `node ${number}`,
    state: 'alive',
    trust: 'pending',
    addresses: [{ address: `10.0.0.${number % 250}`, pingbackPort: 5800, lastSuccessAt: 1000, roundTripMs: 0.75 }],
    gatewayPort: 5805,
    instance: '0123456789abcdef',
    incarnation: 1,
    documents: { count: 0, version: 0 },
    firstSeenAt: 1000,
    lastSeenAt: 1000 + number,
    stateChangedAt: 1000,
    missed: 0,
    ...fields,
  };
}

/** Every optional field set, with values that are easily damaged on the way. */
export function fullPeer(number: number): Peer {
  return samplePeer(number, {
    name: '日本 “Zoë” \u{1F9E6} 0',
    trust: 'trusted',
    trustedBy: 'code',
    addresses: [
      { address: 'fe80::1%eth0.5', pingbackPort: 5800, lastSuccessAt: 1_795_000_000_123, roundTripMs: 1.25 },
      { address: '192.168.1.7', pingbackPort: 1, lastSuccessAt: 0, roundTripMs: 0 },
    ],
    incarnation: Number.MAX_SAFE_INTEGER,
    documents: { count: 7, version: 9_007_199_254_740_991 },
    hidesName: true,
    missed: 3,
    clone: { instance: 'fedcba9876543210', address: '10.9.9.9', pingbackPort: 5800, seenAt: 1_795_000_000_001 },
    instanceSince: 1_794_999_999_999.5,
    other: { instance: '1111', replaced: true, address: '::1', pingbackPort: 5800, seenAt: 12 },
  });
}

export function sampleDevice(address: string, fields: Partial<Device> = {}): Device {
  return { address, answer: 'unprobed', firstSeenAt: 10, lastSeenAt: 20, ...fields };
}

export function sampleEvent(number: number): NewEvent {
  return { type: 'documents-changed', message: `event ${number}`, data: { number } };
}

/** A rule that counts up and tells of it: lost updates and misplaced events both show in the log. */
export function countUp(id: NodeId): (current: Peer | undefined) => PeerChange {
  return (current) => {
    const peer = current ? { ...current, incarnation: current.incarnation + 1 } : { ...samplePeer(0), id };
    return { peer, events: [{ ...sampleEvent(peer.incarnation), peer: id }] };
  };
}
