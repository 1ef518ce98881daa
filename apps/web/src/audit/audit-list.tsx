import type { AuditKind, NodeId } from '@kith/wire';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { when } from '../format/when.ts';
import { useNow } from '../live/use-now.ts';
import { auditQuery } from './audit-queries.ts';
import { auditWords } from './audit-words.ts';

/** A part of the audit trail, newest first. What peers and strangers wrote is text. */
export function AuditList({
  of,
  withWho,
}: {
  readonly of: { peer?: NodeId; kind?: AuditKind };
  readonly withWho: boolean;
}) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(auditQuery(of));
  const now = useNow();
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  if (data?.pages[0]?.isOn === false) return <p className="small quiet">Nothing is written down (KITH_AUDIT=off).</p>;
  if (data !== undefined && entries.length === 0) return <p className="small quiet">Nothing yet.</p>;
  return (
    <>
      <ol className="activity small">
        {entries.map((entry, i) => (
          <li key={`${entry.at} ${entry.what} ${entry.peer ?? entry.address ?? ''} ${i}`}>
            <time className="quiet">{when(entry.at, { now })}</time>
            <span>
              {withWho && entry.kind !== 'security' && (
                <>
                  <bdi className={entry.name === undefined ? 'mono' : ''}>
                    {entry.name ?? entry.peer?.slice(0, 8) ?? entry.address ?? 'somebody'}
                  </bdi>{' '}
                </>
              )}
              <bdi>{auditWords(entry)}</bdi>
            </span>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button size="compact-sm" variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Earlier
        </Button>
      )}
    </>
  );
}
