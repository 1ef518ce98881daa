import type { Coverage, SearchPage } from '@kith/wire';
import { count } from '../format/count.ts';
import type { Part } from '../format/sentence.ts';
import { duration } from '../format/when.ts';
import { coverageReason } from './coverage-reason.ts';

/** More missing nodes than this are counted, and named in the table below the line. */
const NAMED_MAX = 2;

/** Whether every node that could have documents was searched. */
export function isComplete(coverage: readonly Coverage[]): boolean {
  return coverage.every(({ status }) => status === 'answered');
}

/** What was searched, in plain words: who answered, how fast, and who was not searched and why. */
export function coverageSentence(page: Pick<SearchPage, 'coverage' | 'final' | 'tookMs'>, now: number): Part[] {
  const peers = page.coverage.filter(({ self }) => !self);
  const missing = page.coverage.filter(({ status }) => status !== 'answered' && status !== 'asking');
  const named = missing.slice(0, NAMED_MAX).flatMap((one): Part[] => [' ', ...coverageReason(one, now)]);
  const more = missing.length - NAMED_MAX;
  if (more > 0) named.push(` ${more} more did not answer.`);
  return [...opening(page, peers), ...named];
}

function opening({ final, tookMs }: Pick<SearchPage, 'final' | 'tookMs'>, peers: readonly Coverage[]): Part[] {
  const answered = peers.filter(({ status }) => status === 'answered');
  if (peers.length === 0)
    return [final ? `Only this node was searched, in ${duration(tookMs)}.` : 'Searching this node…'];
  if (!final) {
    const asked = peers.filter(({ status }) => status === 'asking').length;
    return [`Searching: ${answered.length} of ${answered.length + asked} peers answered so far.`];
  }
  const all = answered.length === peers.length;
  const slowest = Math.max(0, ...answered.map(({ ms }) => ms ?? 0));
  if (answered.length === 0) return ['No peer answered.'];
  if (all && peers.length === 1) return [`The one peer answered in ${duration(slowest)}.`];
  const who = all ? (peers.length === 2 ? 'Both' : `All ${peers.length}`) : `${answered.length} of ${peers.length}`;
  return [`${who} peers answered in ${duration(slowest)}.`];
}

/** Whether there may be more results than are shown. `matches` alone does not tell: it counts each copy. */
export function hasMore({ results, matches }: Pick<SearchPage, 'results' | 'matches'>, limit: number): boolean {
  return results.length >= limit && matches > results.length;
}

/** `3 results in 1,240 documents`; `20 of 312 results in …` where there are more than are shown. */
export function resultCount(page: Pick<SearchPage, 'results' | 'matches' | 'documents'>, limit: number): string {
  const { matches, documents } = page;
  const shown = page.results.length;
  const found = hasMore(page, limit) ? `${shown} of ${count(matches, 'result')}` : count(shown, 'result');
  return `${found} in ${count(documents, 'document')}`;
}
