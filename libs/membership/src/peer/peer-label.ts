import { shortId } from '@kith/wire';
import type { Peer } from './peer.ts';

type Named = Pick<Peer, 'id' | 'name'>;
type Ranked = Named & Pick<Peer, 'trust'>;

const SLUG_MAX = 38;
const ID_LENGTHS = [8, 16, 24];
const TRUST_RANK = { trusted: 2, pending: 1, blocked: 0 } as const;

/** A peer in a sentence: its name, which is only a claim, always beside the start of its id. */
export function showPeer(peer: Named): string {
  return `${peer.name} (${shortId(peer.id)})`;
}

/** Two names that people take for the same have the same key. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/**
 * The short name of `peer` in URLs, commands and as `<label>.localhost`: a–z, 0–9 and `-`, at most 63 characters, unique
 * in `all`. It is the name alone where the name cannot be mistaken: no other peer of equal or higher trust claims it (a
 * stranger who takes the name of a trusted peer gets the longer label, never the other way round) and it is not the start
 * of another's id or another's long label. Else the long label: the name with the start of the id.
 */
export function peerLabel(peer: Ranked, all: readonly Ranked[]): string {
  const slug = slugOf(peer.name);
  const rivals = all.filter((one) => one.id !== peer.id && slugOf(one.name) === slug);
  const isFirst = rivals.every((one) => TRUST_RANK[one.trust] < TRUST_RANK[peer.trust]);
  if (slug !== '' && isFirst && !all.some((one) => one.id !== peer.id && couldMean(slug, one))) return slug;
  const isUnique = (length: number) =>
    all.every((one) => one.id === peer.id || one.id.slice(0, length) !== peer.id.slice(0, length));
  return longLabel(slug, peer, ID_LENGTHS.find(isUnique) ?? 24);
}

function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '');
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, SLUG_MAX)
    .replace(/-+$/, '');
}

const longLabel = (slug: string, peer: Named, length: number) =>
  `${slug === '' ? 'node' : slug}-${peer.id.slice(0, length)}`;

/** Whether a person who types `slug` could mean the id, or the long label, of this other peer. */
function couldMean(slug: string, other: Named): boolean {
  if (slug.length >= 8 && other.id.startsWith(slug)) return true;
  return ID_LENGTHS.some((length) => longLabel(slugOf(other.name), other, length) === slug);
}
