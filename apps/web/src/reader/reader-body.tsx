import type { SearchResult } from '@kith/wire';
import { useMemo } from 'react';
import { ReaderFailure } from './reader-failure.tsx';
import { ReaderHead } from './reader-head.tsx';
import { ReaderText } from './reader-text.tsx';
import { holdersOf, useDetail } from './use-document.ts';

interface ReaderBodyProps {
  readonly hash: string;
  readonly document: SearchResult | undefined;
  readonly query: string;
  readonly prefix: boolean;
  readonly onClose: () => void;
}

export function ReaderBody({ hash, document, query, prefix, onClose }: ReaderBodyProps) {
  const holders = useMemo(() => holdersOf(document), [document]);
  const detail = useDetail(hash, holders);
  const known = document ?? detail.data?.value;

  return (
    <div className="reader-body">
      <ReaderHead hash={hash} document={known} holders={holders} answer={detail.data} onClose={onClose} />
      {detail.error ? (
        <ReaderFailure error={detail.error} onRetry={() => void detail.refetch()} busy={detail.isFetching} />
      ) : (
        <ReaderText hash={hash} holders={holders} answer={detail.data} query={query} prefix={prefix} />
      )}
    </div>
  );
}
