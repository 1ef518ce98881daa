import type { DatabaseSync } from 'node:sqlite';
import { type Collection, type Counts, countMatches, createScorer, isHit, type Query } from '@kith/documents';
import { type createClauseReader, matchOf } from './clauses.ts';

/** Candidates whose text is read, for each one that is wanted: what the rarer clauses rank first may not stay first. */
const CANDIDATES_READ = 3;

interface Limits {
  /** What it costs to look at all postings of each clause. */
  readonly costs: readonly number[];
  /** Candidates that are asked for. */
  readonly wanted: number;
  readonly postingsMax: number;
}

/**
 * Candidates where the clauses are so common that looking at every match would take too long. The commonest clauses are
 * left out of the choice while another remains; if that one is too common itself, only the newest documents are looked
 * at, those with every clause first. df and matches stay exact, and so do the counts of what is chosen: its text is read.
 */
export function commonCandidates(database: DatabaseSync, clauses: ReturnType<typeof createClauseReader>) {
  const newestLimit = database.prepare('SELECT id FROM doc ORDER BY id DESC LIMIT 1 OFFSET ?');
  const newest = database.prepare('SELECT rowid FROM f WHERE f MATCH ? AND rowid > ? ORDER BY rowid DESC LIMIT ?');
  const document = database.prepare('SELECT title, text FROM doc JOIN doc_text USING (id) WHERE id = ?');

  return (query: Query, collection: Collection, { costs, wanted, postingsMax }: Limits) => {
    const read = wanted * CANDIDATES_READ;
    const chosen = rarest(costs, postingsMax);
    const ids =
      chosen.length > 0 ? bestOf(query, collection, chosen, read) : newestOf(query, collection, read, postingsMax);
    const excluded = query.excluded.map((clause) => ({ clauses: [clause] }));
    const hits = ids.flatMap((id) => {
      const row = document.get(BigInt(id));
      const text = { title: String(row?.title ?? ''), text: String(row?.text ?? '') };
      const counts: Counts = countMatches(query, text);
      const unwanted = excluded.some((one) => (countMatches(one, text).tf[0] ?? 0) > 0);
      return row && isHit(query, counts.tf, unwanted) ? [{ id, ...counts }] : [];
    });
    return { hits, matches: clauses.countOf(hitsOf(query)) };
  };

  /** The best by the chosen clauses alone. */
  function bestOf(query: Query, { documents, totalLength, df }: Collection, chosen: number[], limit: number): number[] {
    const score = createScorer({ documents, totalLength, df: chosen.map((i) => df[i] ?? 0) });
    const counted = new Map<number, { tf: number[]; length: number }>();
    chosen.forEach((clauseAt, i) => {
      const clause = query.clauses[clauseAt];
      if (!clause) return;
      const { ids, tf, lengths } = clauses.postingsOf(clause, df[clauseAt] ?? 0);
      ids.forEach((id, at) => {
        const hit = counted.get(id) ?? { tf: chosen.map(() => 0), length: lengths[at] ?? 0 };
        hit.tf[i] = tf[at] ?? 0;
        counted.set(id, hit);
      });
    });
    const ranked = [...counted].map(([id, counts]) => ({ id, ...score(counts) }));
    ranked.sort((a, b) => Number(b.complete) - Number(a.complete) || b.points - a.points || b.id - a.id);
    return ranked.slice(0, limit).map(({ id }) => id);
  }

  function newestOf(query: Query, { df }: Collection, limit: number, postingsMax: number): number[] {
    const after = BigInt(Number(newestLimit.get(BigInt(postingsMax))?.id ?? 0));
    const matching = (match: string) => newest.all(match, after, BigInt(limit)).map(({ rowid }) => Number(rowid));
    const present = query.clauses.filter((_, i) => (df[i] ?? 0) > 0);
    const together = matching(allOf(present.map(matchOf)));
    if (together.length >= limit) return together;
    return [...new Set([...together, ...matching(hitsOf(query))])].slice(0, limit);
  }
}

/** Positions of the clauses that remain when the commonest are left out until the rest costs little enough; maybe none. */
function rarest(costs: readonly number[], postingsMax: number): number[] {
  const present = [...costs.keys()].filter((i) => (costs[i] ?? 0) > 0);
  present.sort((a, b) => (costs[a] ?? 0) - (costs[b] ?? 0));
  let sum = 0;
  return present.filter((i) => {
    sum += costs[i] ?? 0;
    return sum <= postingsMax;
  });
}

const allOf = (matches: readonly string[]) => matches.join(' AND ');
const anyOf = (matches: readonly string[]) => `(${matches.join(' OR ')})`;

/** All hits of a query in FTS5's language. */
function hitsOf({ clauses, excluded, requireOthers }: Query): string {
  const required = clauses.filter(({ kind }) => kind !== 'prefix').map(matchOf);
  const wanted = requireOthers && required.length > 0 ? `(${allOf(required)})` : anyOf(clauses.map(matchOf));
  return excluded.length > 0 ? `${wanted} NOT ${anyOf(excluded.map(matchOf))}` : wanted;
}
