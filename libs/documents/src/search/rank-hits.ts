import type { Candidate, DocumentHash, PeerSearchAnswer } from '@kith/wire';
import { ANALYSER_VERSION } from '@kith/wire/search-limits';
import type { IndexedDocument } from '../document-index.ts';
import { BadQueryError } from '../errors.ts';
import type { Query } from '../query/query.ts';
import type { Counts } from './count-matches.ts';
import { makeSnippet } from './make-snippet.ts';
import { type Collection, compareRanks, createScorer } from './score.ts';

/** A hit that still has to be ranked. */
export interface Hit extends Counts {
  readonly hash: DocumentHash;
}

/** The best `limit` hits of one node's collection, in its own order. */
export function rankHits<H extends Hit>(collection: Collection, hits: readonly H[], limit: number): H[] {
  const score = createScorer(collection);
  return hits
    .map((hit) => ({ ...score(hit), hash: hit.hash, hit }))
    .sort(compareRanks)
    .slice(0, limit)
    .map(({ hit }) => hit);
}

/** What a node answers: its statistics and its best hits, the first `snippets` of them with a piece of their text. */
export function answerOf(
  query: Query,
  collection: Collection & { readonly matches: number },
  best: readonly { readonly counts: Counts; readonly document: Omit<IndexedDocument, 'text'> & { text?: string } }[],
  snippets: number,
): PeerSearchAnswer {
  const candidates = best.map(({ counts: { tf, length }, document }, i): Candidate => {
    const { hash, title, name, mediaType, size, modifiedAt, text } = document;
    const found = { hash, title, name, mediaType, size, modifiedAt, tf, length };
    const snippet = i < snippets && text ? makeSnippet(query, text) : undefined;
    return snippet ? { ...found, snippet } : found;
  });
  const { documents, totalLength, df, matches } = collection;
  return { analyser: ANALYSER_VERSION, documents, totalLength, df: [...df], matches, candidates };
}

/** Every index refuses what it could only answer with nothing. */
export function requireClauses({ clauses }: Query): void {
  if (clauses.length === 0) throw new BadQueryError('There is nothing to search for: type at least one word.');
}
