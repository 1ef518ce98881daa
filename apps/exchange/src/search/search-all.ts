import { BadQueryError, type DocumentIndex, parseQuery, type Query } from '@kith/documents';
import type { Peer } from '@kith/membership';
import { type Clock, codeOf, type Log } from '@kith/service';
import { ANALYSER_VERSION, type NodeId, type SearchPage } from '@kith/wire';
import type { Dispatcher } from 'undici';
import { RESULTS_EVERY_MS } from '../config.ts';
import { askPeer, type PeerOutcome, TIMED_OUT } from './ask-peer.ts';
import { searchLocal } from './search-local.ts';
import { type Participant, pageOf, type Settled } from './search-state.ts';
import type { TrustedPeers } from './trusted-peers.ts';

export interface SearchAllOptions {
  readonly self: { readonly id: NodeId; readonly name: string };
  readonly internalKey: string;
  readonly index: DocumentIndex;
  readonly trustedPeers: Pick<TrustedPeers, 'list'>;
  readonly gateway: Dispatcher;
  readonly peerTimeoutMs: number;
  readonly searchTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SearchRequest {
  readonly q: string;
  readonly limit: number;
  readonly scope: 'here' | 'all';
  readonly prefix: boolean;
}

/** Searches this node and its trusted peers at once. */
export interface SearchAll {
  /**
   * Resolves with the final page, at the latest after the time for the whole. `onPage` gets pages that grow, one in
   * RESULTS_EVERY_MS at most. Throws `bad_query`; `signal` ends all that is under way.
   */
  run(request: SearchRequest, signal: AbortSignal, onPage?: (page: SearchPage) => void): Promise<SearchPage>;
}

export function createSearchAll(options: SearchAllOptions): SearchAll {
  const { self, internalKey, index, trustedPeers, gateway, peerTimeoutMs, searchTimeoutMs, clock, log } = options;

  async function askSelf(request: { query: string; prefix: boolean; limit: number }): Promise<PeerOutcome> {
    try {
      return { status: 'answered', answer: await searchLocal(index, request) };
    } catch (error) {
      if (codeOf(error) === 'bad_query') throw error;
      log.warn({ err: error }, 'this node’s own index did not answer a search');
      return { status: 'index-away', message: 'This node’s own index is away just now.' };
    }
  }

  return {
    async run({ q, limit, scope, prefix }, signal, onPage) {
      const from = clock.monotonic();
      const query = requireWords(q, prefix);
      const trusted = scope === 'here' ? [] : await trustedPeers.list();
      const participants: Participant[] = [{ ...self, self: true }, ...trusted.map(participantOf)];
      const settled = new Map<NodeId, Settled>();
      const ended = new AbortController();
      const over = AbortSignal.any([signal, ended.signal]);
      const page = (final: boolean) =>
        pageOf({ text: q, query, limit, participants, settled }, { tookMs: clock.monotonic() - from, final });
      // Nobody waits for the pages between: they are not made.
      const report = onPage
        ? throttle({ everyMs: RESULTS_EVERY_MS, clock, signal: over, task: () => onPage(page(false)) })
        : () => {};
      const settle = (id: NodeId, outcome: PeerOutcome) => {
        if (over.aborted || settled.has(id)) return;
        settled.set(id, { outcome, ms: clock.monotonic() - from });
        report();
      };

      const request = { analyser: ANALYSER_VERSION, query: q, prefix, limit };
      const asked = participants.filter(({ away }) => away === undefined);
      const stated = new Map(trusted.map(({ id, documents }) => [id, documents?.count]));
      const answers = asked.map(async ({ id, self: isSelf }) => {
        if (isSelf) return settle(id, await askSelf(request));
        const inTime = new AbortController();
        const inAll = AbortSignal.any([over, inTime.signal]);
        const asking = { gateway, internalKey, query, request, stated: stated.get(id), signal: inAll };
        clock.sleep(peerTimeoutMs, over).then(
          () => inTime.abort(TIMED_OUT),
          () => {},
        );
        settle(id, await askPeer(id, asking));
      });
      try {
        await Promise.race([Promise.all(answers), clock.sleep(searchTimeoutMs, over)]);
        for (const { id } of asked) settle(id, { status: 'timed-out', message: 'It did not answer in time.' });
        signal.throwIfAborted();
        return page(true);
      } finally {
        ended.abort(TIMED_OUT);
      }
    },
  };
}

/** Throws `bad_query` where there is nothing to search for. */
export function requireWords(q: string, prefix: boolean): Query {
  const query = parseQuery(q, { prefix });
  if (query.clauses.length === 0) throw new BadQueryError('There is no word to search for: type at least one.');
  return query;
}

function participantOf({ id, name, state, lastSeenAt }: Peer): Participant {
  if (state === 'alive' || state === 'suspect') return { id, name, self: false };
  const message = state === 'left' ? 'It was switched off or left the network.' : 'It does not answer any more.';
  return { id, name, self: false, away: { lastSeenAt, message: `${message} Its documents were not searched.` } };
}

/** Runs `task` at once, and again once for all calls within `everyMs`. */
function throttle(options: { everyMs: number; clock: Clock; signal: AbortSignal; task: () => void }): () => void {
  const { everyMs, clock, signal, task } = options;
  let last = Number.NEGATIVE_INFINITY;
  let waiting = false;
  return () => {
    if (waiting) return;
    const pause = last + everyMs - clock.monotonic();
    waiting = true;
    const run = () => {
      waiting = false;
      if (signal.aborted) return;
      last = clock.monotonic();
      task();
    };
    if (pause <= 0) run();
    else clock.sleep(pause, signal).then(run, () => {});
  };
}
