import type { DocumentIndex } from '@kith/documents';
import { counter, gauge, type Metrics, seconds } from '@kith/service';
import type { SearchPage } from '@kith/wire';
import type { SearchAll } from './search-all.ts';

export interface ExchangeMetricsOptions {
  readonly metrics: Metrics;
  readonly index: Pick<DocumentIndex, 'statistics'>;
  /** Files that this process has still to read. */
  readonly queued: () => number;
  readonly searchAll: SearchAll;
}

/** Adds the exchange's figures; returns the search that counts itself. To be called once for a registry. */
export function countExchange({ metrics, index, queued, searchAll }: ExchangeMetricsOptions): SearchAll {
  gauge(metrics, 'kith_documents', 'Documents in the index.', async () => (await index.statistics()).documents);
  gauge(metrics, 'kith_index_queue', 'Files of shared folders that this process has still to read.', queued);
  const peerSeconds = seconds(
    metrics,
    'kith_search_peer_seconds',
    'From the start of a search until a peer has answered or failed, by how it ended.',
    ['status'],
  );
  const partial = counter(
    metrics,
    'kith_search_partial_total',
    'Searches in which this node, or a peer that was thought to be there, did not answer.',
  );
  const note = ({ coverage }: SearchPage) => {
    for (const { self, status, ms } of coverage) {
      if (!self && ms !== undefined) peerSeconds.observe({ status }, ms / 1000);
    }
    if (coverage.some(({ status }) => status !== 'answered' && status !== 'away')) partial.inc();
  };
  return {
    async run(request, signal, onPage) {
      const page = await searchAll.run(request, signal, onPage);
      note(page);
      return page;
    },
  };
}
