import { PeerNameAmbiguousError, PeerNotFoundError } from '../errors.ts';
import type { Peer } from './peer.ts';
import { nameKey, peerLabel, showPeer } from './peer-label.ts';

const ID_PREFIX_MIN = 8;

/**
 * The peer that a person means: by full id, by label, by the start of the id (8 characters or more) or by its exact name,
 * upper and lower case alike. A trusted peer's own label means that peer, whoever else took its name; anything else that
 * fits more than one peer throws `peer_name_ambiguous` and lists them. Throws `peer_not_found`.
 */
export function resolvePeer(text: string, all: readonly Peer[]): Peer {
  const wanted = text.trim().slice(0, 200);
  const lower = wanted.toLowerCase();
  const byId = all.find((one) => one.id === lower);
  if (byId) return byId;
  const isPrefix = (one: Peer) => lower.length >= ID_PREFIX_MIN && one.id.startsWith(lower);
  const byLabel = all.find((one) => peerLabel(one, all) === lower);
  if (byLabel?.trust === 'trusted') return byLabel;
  const key = nameKey(wanted);
  const fitting = all.filter((one) => one === byLabel || isPrefix(one) || (key !== '' && nameKey(one.name) === key));
  const [first, ...others] = fitting;
  if (first === undefined) {
    throw new PeerNotFoundError(`No peer is called “${wanted}”: take a name or an id from the list of peers.`);
  }
  if (others.length === 0) return first;
  const choices = fitting.slice(0, 5).map((one) => `${peerLabel(one, all)} for ${showPeer(one)}`);
  throw new PeerNameAmbiguousError(`“${wanted}” fits ${fitting.length} peers: say ${choices.join(', or ')}.`);
}
