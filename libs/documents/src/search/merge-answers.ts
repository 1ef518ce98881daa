import type { Candidate, DocumentSummary, NodeId, PeerSearchAnswer, Snippet } from '@kith/wire';
import type { Query } from '../query/query.ts';
import { type Collection, compareRanks, createScorer, type Rank, scoreOf } from './score.ts';

/** One node's answer to a search, checked (`checkAnswer`). */
export interface HeldAnswer {
  readonly holder: NodeId;
  readonly answer: PeerSearchAnswer;
}

/** A document in the merged order, with every node that has it among its candidates. */
export interface MergedResult extends DocumentSummary {
  readonly score: number;
  readonly complete: boolean;
  readonly snippet?: Snippet;
  /** In order of node id. */
  readonly holders: readonly NodeId[];
}

/**
 * The one order over all answers. A pure function of the set of answers: neither the order of arrival nor who asks
 * matters. Statistics are summed as integers over all answers, then each candidate is scored from its own counts.
 * Where several nodes hold a document, the one with the lowest id says its title and counts.
 */
export function mergeAnswers(query: Query, answers: readonly HeldAnswer[], limit: number): MergedResult[] {
  const ordered = answers.toSorted((a, b) => (a.holder < b.holder ? -1 : a.holder > b.holder ? 1 : 0));
  const score = createScorer(sumOf(query, ordered));
  const merged = new Map<string, Merging>();
  for (const { holder, answer } of ordered) {
    for (const candidate of answer.candidates) {
      const known = merged.get(candidate.hash);
      if (known) {
        if (known.holders.at(-1) !== holder) known.holders.push(holder);
        known.snippet ??= candidate.snippet;
      } else {
        const rank = { ...score(candidate), hash: candidate.hash };
        merged.set(candidate.hash, { rank, candidate, holders: [holder], snippet: candidate.snippet });
      }
    }
  }
  const best = [...merged.values()].sort((a, b) => compareRanks(a.rank, b.rank)).slice(0, limit);
  return best.map(resultOf);
}

interface Merging {
  readonly rank: Rank;
  readonly candidate: Candidate;
  readonly holders: NodeId[];
  snippet: Snippet | undefined;
}

function sumOf({ clauses }: Query, answers: readonly HeldAnswer[]): Collection {
  const df = clauses.map(() => 0);
  let documents = 0;
  let totalLength = 0;
  for (const { answer } of answers) {
    documents += answer.documents;
    totalLength += answer.totalLength;
    for (const i of df.keys()) df[i] = (df[i] ?? 0) + (answer.df[i] ?? 0);
  }
  return { documents, totalLength, df };
}

function resultOf({ rank, candidate, holders, snippet }: Merging): MergedResult {
  const { hash, title, name, mediaType, size, modifiedAt } = candidate;
  const summary = { hash, title, name, mediaType, size, modifiedAt };
  const found = { score: scoreOf(rank), complete: rank.complete, holders };
  return snippet ? { ...summary, ...found, snippet } : { ...summary, ...found };
}
