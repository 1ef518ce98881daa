import type { Candidate, DocumentHash, DocumentSummary, IndexHealth, PeerSearchAnswer } from '@kith/wire';
import type { Query } from './query/query.ts';

/** A document as it is indexed: one a content, however many files hold it. */
export interface IndexedDocument extends DocumentSummary {
  /** Plain text for search and snippets; empty where only the name is known. Kept whole by the index. */
  readonly text: string;
}

/**
 * A document on its way into an index. `text` may be its UTF-8: a long text moves between threads so without a copy on
 * the heap of each.
 */
export type NewDocument = Omit<IndexedDocument, 'text'> & { readonly text: string | Uint8Array };

/** What a search of one node needs of the engine; see design notes in docs/decisions. */
export interface IndexSearch {
  readonly query: Query;
  /** Candidates wanted: best first by the index's own order, which must agree with `rank` (compliance says how well). */
  readonly candidates: number;
  /** How many of the best candidates carry a snippet. */
  readonly snippets: number;
}

export interface IndexStatistics {
  readonly documents: number;
  readonly totalLength: number;
  /** Grows with every change that is visible to searches. */
  readonly version: number;
}

/**
 * Full text of this node's documents. All adapters give the same hits, order and numbers: the token stream, the counts
 * and the scores are those of this library; the engine only finds candidates.
 *
 * For every method: concurrent calls are fine; a resolved `put` or `remove` survives `kill -9` and is seen by every
 * later search; an index that cannot be reached rejects with code `index_away`. After `close` every method rejects with
 * `index_away`; `close` may be called twice.
 */
export interface DocumentIndex {
  /** Adds or replaces by hash. */
  put(documents: readonly NewDocument[]): Promise<void>;
  /** Unknown hashes are ignored. */
  remove(hashes: readonly DocumentHash[]): Promise<void>;
  get(hash: DocumentHash): Promise<IndexedDocument | undefined>;
  /** Newest `modifiedAt` first, then hash ascending. `after` is the last row of the page before. */
  list(options: {
    limit: number;
    after?: { modifiedAt: number; hash: DocumentHash } | undefined;
  }): Promise<DocumentSummary[]>;
  statistics(): Promise<IndexStatistics>;
  /** Rejects with `bad_query` where the query has no positive clause. */
  search(search: IndexSearch): Promise<PeerSearchAnswer>;
  /**
   * What is wrong with the index, for its owner. Never rejects: an index that does not answer, or is closed, is a finding
   * (`index_away`). Asks the engine anew each time and may take seconds where it hangs: callers bound and keep it.
   */
  health(): Promise<IndexHealth>;
  close(): Promise<void>;
}
export type { Candidate, IndexHealth };
