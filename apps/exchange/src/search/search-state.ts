import { mergeAnswers, type Query } from '@kith/documents';
import { type Coverage, type Holder, type NodeId, type PeerSearchAnswer, type SearchPage, shortId } from '@kith/wire';
import type { PeerOutcome } from './ask-peer.ts';

/** A node in a search: this one, a peer that is asked, or one that is away. */
export interface Participant {
  readonly id: NodeId;
  readonly name: string;
  readonly self: boolean;
  /** Absent for a node that is not asked, because it is away. */
  readonly away?: { readonly lastSeenAt: number; readonly message: string };
}

export interface Settled {
  readonly outcome: PeerOutcome;
  /** Since the start of the search. */
  readonly ms: number;
}

export interface SearchState {
  readonly text: string;
  readonly query: Query;
  readonly limit: number;
  /** This node first. */
  readonly participants: readonly Participant[];
  /** Those that have answered or failed. */
  readonly settled: ReadonlyMap<NodeId, Settled>;
}

/** What a search shows at one moment. Pure: the same answers give the same page, in whichever order they came. */
export function pageOf(state: SearchState, { tookMs, final }: { tookMs: number; final: boolean }): SearchPage {
  const { text, query, limit, participants, settled } = state;
  const answers = participants.flatMap(({ id }) => {
    const answer = answerOf(settled.get(id));
    return answer ? [{ holder: id, answer }] : [];
  });
  const holders = new Map<NodeId, Holder>(participants.map(({ id, name, self }) => [id, { id, name, self }]));
  const results = mergeAnswers(query, answers, limit).map(({ holders: ids, ...result }) => ({
    ...result,
    holders: ids.flatMap((id) => holders.get(id) ?? []).sort((a, b) => Number(b.self) - Number(a.self)),
  }));
  const sum = (read: (answer: PeerSearchAnswer) => number) => answers.reduce((n, { answer }) => n + read(answer), 0);
  return {
    query: text,
    final,
    results,
    matches: sum((answer) => answer.matches),
    documents: sum((answer) => answer.documents),
    coverage: participants.map((one) => coverageOf(one, settled.get(one.id))),
    tookMs: Math.round(tookMs),
  };
}

const answerOf = (settled: Settled | undefined) =>
  settled?.outcome.status === 'answered' ? settled.outcome.answer : undefined;

function coverageOf({ id, name, self, away }: Participant, settled: Settled | undefined): Coverage {
  const who = { id, name, self };
  if (away) return { ...who, status: 'away', lastSeenAt: away.lastSeenAt, message: away.message };
  if (!settled) return { ...who, status: 'asking', message: `Waiting for ${name || shortId(id)}.` };
  const { outcome } = settled;
  const ms = Math.round(settled.ms);
  if (outcome.status !== 'answered') return { ...who, status: outcome.status, ms, message: outcome.message };
  const { documents, matches } = outcome.answer;
  return { ...who, status: 'answered', ms, documents, matches };
}
