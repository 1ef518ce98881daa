import { Button } from '@mantine/core';
import type { KeyboardEvent, RefObject } from 'react';
import { CoverageLine } from '../coverage/coverage-line.tsx';
import { hasMore } from '../coverage/coverage-sentence.ts';
import { useNow } from '../live/use-now.ts';
import { listStep } from './list-step.ts';
import { NoResults } from './no-results.tsx';
import { ResultRow } from './result-row.tsx';
import { ResultSkeleton } from './result-skeleton.tsx';
import type { SearchState } from './search-state.ts';

interface ResultsProps {
  readonly ref: RefObject<HTMLOListElement | null>;
  readonly search: SearchState;
  /** Results that were asked for. */
  readonly limit: number;
  readonly onAgain: () => void;
  /** Absent where all that may be asked for was asked for. */
  readonly onMore: (() => void) | undefined;
  /** The arrow up on the first row. */
  readonly onLeave: () => void;
}

export function Results({ ref, search, limit, onAgain, onMore, onLeave }: ResultsProps) {
  const now = useNow();
  const { page, phase, stale, error } = search;

  const onKeyDown = (event: KeyboardEvent) => {
    const rows = [...(ref.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = rows.findIndex((row) => row.matches(':focus'));
    const to = at < 0 ? undefined : listStep(event.key, at, rows.length);
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0) onLeave();
    else rows[to]?.focus();
  };

  return (
    <>
      {error && (
        <p className="note note-bad row row-between" role="alert">
          {error}
          <Button variant="default" onClick={onAgain}>
            Search again
          </Button>
        </p>
      )}
      {page && (
        <CoverageLine page={page} stale={stale} limit={limit} onAgain={phase === 'done' ? onAgain : undefined} />
      )}
      {!page && phase === 'asking' && <ResultSkeleton />}
      {page && page.results.length > 0 && (
        <ol
          className={stale ? 'results results-stale' : 'results'}
          ref={ref}
          onKeyDown={onKeyDown}
          aria-label="Results"
        >
          {page.results.map((result) => (
            <ResultRow key={result.hash} result={result} now={now} showHolders={page.coverage.length > 1} />
          ))}
        </ol>
      )}
      {page && !stale && page.results.length === 0 && (page.final ? <NoResults page={page} /> : <ResultSkeleton />)}
      {page?.final && onMore && hasMore(page, limit) && (
        <Button className="results-more" variant="default" onClick={onMore}>
          Show more results
        </Button>
      )}
    </>
  );
}
