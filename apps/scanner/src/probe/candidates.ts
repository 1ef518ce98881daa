import type { Peer } from '@kith/membership';
import { callableAddress, isLocal, plainAddress } from '@kith/net';

/** Why an address is probed, cheapest first: this is the order in which they are. */
export const SOURCES = ['known', 'asked', 'neighbour', 'seed', 'sweep'] as const;
export type Source = (typeof SOURCES)[number] | 'look' | 'owner';

export interface Target {
  /** Canonical, with zone where it has one. */
  readonly address: string;
  readonly pingbackPort: number;
  readonly source: Source;
}
export type Place = Pick<Target, 'address' | 'pingbackPort'>;

export interface CandidateSources {
  /** Peers of which an address is known, whatever their state. */
  readonly known: readonly Pick<Peer, 'addresses'>[];
  readonly asked: readonly Place[];
  /** Addresses in the neighbour table that are complete. */
  readonly neighbours: readonly string[];
  readonly seeds: readonly { readonly address: string; readonly pingbackPort?: number | undefined }[];
  /** Where this node itself answers. */
  readonly own: ReadonlySet<string>;
  /** The LAN's pingback port, which is this node's own. */
  readonly pingbackPort: number;
}

export interface Candidates {
  /** Each place once, with its cheapest source, in order of cost. */
  readonly targets: readonly Target[];
  /** Places outside the private ranges: never called. */
  readonly refused: readonly Target[];
}

/** The union of all sources that cost nothing; what the sweep finds comes after them. */
export function gatherCandidates(sources: CandidateSources): Candidates {
  const { known, asked, neighbours, seeds, pingbackPort } = sources;
  const places: Target[] = [
    ...known.flatMap(({ addresses }) => addresses).map((one) => toTarget(one, 'known')),
    ...asked.map((one) => toTarget(one, 'asked')),
    ...neighbours.map((address) => toTarget({ address, pingbackPort }, 'neighbour')),
    ...seeds.map((one) => toTarget({ address: one.address, pingbackPort: one.pingbackPort ?? pingbackPort }, 'seed')),
  ];
  const targets = new Map<string, Target>();
  const refused = new Map<string, Target>();
  for (const place of places) {
    const verdict = judgePlace(place, sources);
    if (verdict === 'refused') refused.set(placeKey(place), place);
    const key = verdict === 'ok' ? placeKey(withCanonical(place)) : undefined;
    if (key !== undefined && !targets.has(key)) targets.set(key, withCanonical(place));
  }
  return { targets: [...targets.values()], refused: [...refused.values()] };
}

/** `own`: that is this node. `refused`: not an address, or not in a private range. */
export function judgePlace(
  { address, pingbackPort }: Place,
  own: Pick<CandidateSources, 'own' | 'pingbackPort'>,
): 'ok' | 'own' | 'refused' {
  const canonical = callableAddress(address);
  if (canonical === undefined || !isLocal(canonical)) return 'refused';
  const isHere = own.own.has(canonical) || own.own.has(plainAddress(canonical) ?? '');
  return isHere && pingbackPort === own.pingbackPort ? 'own' : 'ok';
}

export const placeKey = ({ address, pingbackPort }: Place) => `${address} ${pingbackPort}`;
const toTarget = ({ address, pingbackPort }: Place, source: Source): Target => ({ address, pingbackPort, source });
const withCanonical = (target: Target): Target => ({
  ...target,
  address: callableAddress(target.address) ?? target.address,
});
