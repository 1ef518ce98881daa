import { type Collection, type Counts, createScorer, isHit, type Query } from '@kith/documents';
import type { Postings } from './clauses.ts';

/** A hit before its hash is known. */
export interface Found extends Counts {
  readonly id: number;
}

/** More than any score's points. */
const COMPLETE = 1e12;

/**
 * Walks along the postings of all clauses together and keeps the hits that may be among the best `limit`: more than
 * that only where scores are equal, because the hash decides then. Postings are in order of id.
 */
export function bestHits(
  query: Query,
  collection: Collection,
  postings: readonly Postings[],
  excluded: ReadonlySet<number>,
  limit: number,
): { hits: Found[]; matches: number } {
  const score = createScorer(collection);
  const clauses = postings.length;
  const next = new Uint32Array(clauses);
  const ids: number[] = [];
  const keys: number[] = [];
  const counts = { tf: query.clauses.map(() => 0), length: 0 };
  for (let id = lowest(postings, next); id !== Number.POSITIVE_INFINITY; id = lowest(postings, next)) {
    for (let i = 0; i < clauses; i++) {
      const at = next[i] ?? 0;
      if (postings[i]?.ids[at] !== id) counts.tf[i] = 0;
      else {
        counts.tf[i] = postings[i]?.tf[at] ?? 0;
        counts.length = postings[i]?.lengths[at] ?? 0;
        next[i] = at + 1;
      }
    }
    if (!isHit(query, counts.tf, excluded.has(id))) continue;
    const { complete, points } = score(counts);
    ids.push(id);
    keys.push(complete ? points + COMPLETE : points);
  }
  const least = Float64Array.from(keys).sort().at(-Math.min(limit, keys.length)) ?? 0;
  const chosen = ids.filter((_, i) => (keys[i] ?? 0) >= least);
  return { hits: chosen.map((id) => countsOf(id, postings)), matches: ids.length };
}

function lowest(postings: readonly Postings[], next: Uint32Array): number {
  let id = Number.POSITIVE_INFINITY;
  for (let i = 0; i < postings.length; i++) {
    const one = postings[i]?.ids[next[i] ?? 0];
    if (one !== undefined && one < id) id = one;
  }
  return id;
}

/** The counts of one document again, by binary search. */
function countsOf(id: number, postings: readonly Postings[]): Found {
  let length = 0;
  const tf = postings.map((one) => {
    const at = placeOf(id, one.ids);
    if (one.ids[at] !== id) return 0;
    length = one.lengths[at] ?? 0;
    return one.tf[at] ?? 0;
  });
  return { id, tf, length };
}

function placeOf(id: number, ids: Float64Array): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
