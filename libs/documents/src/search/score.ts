import type { DocumentHash } from '@kith/wire';
import type { Counts } from './count-matches.ts';

/** What scores need of a collection: sums over all nodes that answered, or those of one node. */
export interface Collection {
  readonly documents: number;
  readonly totalLength: number;
  /** Documents that hold each clause. */
  readonly df: readonly number[];
}

/** Place of a document in the order: all clauses first, then points descending, then hash ascending. */
export interface Rank {
  /** Every clause occurs. */
  readonly complete: boolean;
  /** The score times a million, rounded, so that no last bit of a float decides the order. */
  readonly points: number;
  readonly hash: DocumentHash;
}

const K1 = 1.2;
const B = 0.75;
const POINTS = 1e6;

export const inverseFrequency = (documents: number, df: number): number =>
  Math.log(1 + (documents - df + 0.5) / (df + 0.5));

/** BM25 over a collection. Clauses are summed in the query's order: float sums depend on it. */
export function createScorer({ documents, totalLength, df }: Collection): (counts: Counts) => Omit<Rank, 'hash'> {
  const idf = df.map((count) => inverseFrequency(documents, count));
  const average = totalLength / documents;
  return ({ tf, length }) => {
    const damping = K1 * (1 - B + (B * length) / average);
    let score = 0;
    let complete = true;
    for (let i = 0; i < idf.length; i++) {
      const count = tf[i] ?? 0;
      if (count === 0) complete = false;
      else score += ((idf[i] ?? 0) * count * (K1 + 1)) / (count + damping);
    }
    return { complete, points: Math.round(score * POINTS) };
  };
}

export const scoreOf = ({ points }: Pick<Rank, 'points'>): number => points / POINTS;

/** For `sort`: better first. */
export function compareRanks(a: Rank, b: Rank): number {
  if (a.complete !== b.complete) return a.complete ? -1 : 1;
  if (a.points !== b.points) return b.points - a.points;
  return a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0;
}
