import { shortId } from '@kith/wire';
import type { NewEvent } from './event.ts';
import type { Peer } from './peer.ts';
import { nameKey, showPeer } from './peer-label.ts';

/** What the owner should know before believing this peer, one sentence each; empty where all is well. */
export function peerWarnings(peer: Peer, all: readonly Peer[]): string[] {
  const warnings: string[] = [];
  const namesakes = all.filter((one) => one.id !== peer.id && nameKey(one.name) === nameKey(peer.name));
  const known = namesakes.find((one) => one.trust === 'trusted');
  if (known && peer.trust !== 'trusted') {
    warnings.push(
      `A node that you trust has this name with another key (${shortId(known.id)}). Unless it was set up anew, ` +
        'somebody poses as it: compare the six digits with its owner before you trust this one.',
    );
  } else if (namesakes.length > 0) {
    const ids = namesakes.slice(0, 3).map((one) => shortId(one.id));
    warnings.push(`Another node has the same name: tell them apart by id (${[shortId(peer.id), ...ids].join(', ')}).`);
  }
  if (peer.clone) {
    warnings.push(
      `This node runs twice, at ${peer.addresses[0]?.address ?? 'an unknown address'} and at ${peer.clone.address}: ` +
        'its data folder was copied. One of the two must get a fresh one.',
    );
  }
  return warnings;
}

/** Events that tell of the peers with the same name as `peer`: for when it was found or renamed. */
export function sameNameEvents(peer: Peer, all: readonly Peer[]): NewEvent[] {
  return all
    .filter((one) => one.id !== peer.id && nameKey(one.name) === nameKey(peer.name))
    .slice(0, 1)
    .map((one) => ({
      type: 'peer-same-name',
      message: `Two nodes have the same name: ${showPeer(peer)} and ${showPeer(one)}.`,
      peer: peer.id,
      data: { other: one.id },
    }));
}
