import { type NodeId, shortId, shortIdAmong } from '@kith/wire';
import type { NewEvent } from './event.ts';
import { lookOf } from './look-alike.ts';
import type { Peer } from './peer.ts';
import { nameKey, showPeer } from './peer-label.ts';
import { speaksOfTrust } from './speaks-of-trust.ts';

type Named = Pick<Peer, 'id' | 'name'>;

/**
 * What an owner should know before believing this peer, one sentence each; empty where all is well. `self`: this node, of
 * which nobody else should look like a part.
 */
export function peerWarnings(peer: Peer, all: readonly Peer[], self?: Named): string[] {
  const others = all.filter((one) => one.id !== peer.id);
  return [
    ...nameWarnings(peer, others, self),
    ...idWarnings(peer, self ? [self, ...others] : others),
    ...cloneWarnings(peer),
  ];
}

function nameWarnings(peer: Peer, others: readonly Peer[], self: Named | undefined): string[] {
  const warnings: string[] = [];
  const look = lookOf(peer.name);
  const alike = others.filter((one) => lookOf(one.name) === look);
  const known = alike.find((one) => one.trust === 'trusted');
  if (known && peer.trust !== 'trusted') {
    const has = isSameName(peer, known) ? 'has this name' : `is called “${known.name}”, which looks like this name,`;
    warnings.push(
      `A node that you trust ${has} with another key (${shortId(known.id)}). Unless it was set up anew, ` +
        'somebody poses as it: compare numbers with its owner before you trust this one.',
    );
  } else if (alike.length > 0) {
    const ids = [peer, ...alike.slice(0, 3)].map((one) => shortIdAmong(one.id, idsOf([peer, ...others])));
    const same = alike.some((one) => isSameName(peer, one)) ? 'the same name' : 'a name that looks the same';
    warnings.push(`Another node has ${same}: tell them apart by id (${ids.join(', ')}).`);
  }
  if (self && lookOf(self.name) === look) {
    warnings.push('It has the name of this node, or one that looks the same: it is another node all the same.');
  }
  if (peer.trust !== 'trusted' && speaksOfTrust(peer.name)) {
    warnings.push('Its name speaks of trust. A name is what a node says of itself: nobody has checked it.');
  }
  return warnings;
}

function idWarnings(peer: Peer, others: readonly Named[]): string[] {
  const warnings: string[] = [];
  const look = lookOf(peer.name);
  const named = others.find((one) => look.includes(lookOf(shortId(one.id))));
  if (named) {
    warnings.push(`Its name carries the id of another node, ${showPeer(named)}: somebody may pose as it.`);
  }
  const twin = others.find((one) => shortId(one.id) === shortId(peer.id));
  if (twin) {
    warnings.push(
      `Its id begins like that of “${twin.name}”, which does not happen by chance: somebody made it so. ` +
        'Compare the whole ids, under Details.',
    );
  }
  return warnings;
}

function cloneWarnings({ clone, addresses }: Peer): string[] {
  if (!clone) return [];
  return [
    `This node runs twice, at ${addresses[0]?.address ?? 'an unknown address'} and at ${clone.address}: ` +
      'its data folder was copied. One of the two must get a fresh one.',
  ];
}

/** Events that tell of the peers whose name looks like that of `peer`: for when it was found or renamed. */
export function sameNameEvents(peer: Peer, all: readonly Peer[]): NewEvent[] {
  const look = lookOf(peer.name);
  return all
    .filter((one) => one.id !== peer.id && lookOf(one.name) === look)
    .sort((one, other) => Number(other.trust === 'trusted') - Number(one.trust === 'trusted'))
    .slice(0, 1)
    .map((one) => ({
      type: 'peer-same-name',
      message: `Two nodes have ${isSameName(peer, one) ? 'the same name' : 'names that look the same'}: ${showPeer(peer)} and ${showPeer(one)}.`,
      peer: peer.id,
      data: { other: one.id },
    }));
}

const isSameName = (one: Named, other: Named) => nameKey(one.name) === nameKey(other.name);
const idsOf = (peers: readonly Named[]): NodeId[] => peers.map(({ id }) => id);
