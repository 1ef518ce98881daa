import type { SearchPage } from '@kith/wire';
import { Button, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconProgress } from '@tabler/icons-react';
import { plain } from '../format/sentence.ts';
import { SentenceText } from '../format/sentence-text.tsx';
import { useNow } from '../live/use-now.ts';
import { coverageSentence, isComplete, resultCount } from './coverage-sentence.ts';
import { CoverageTable } from './coverage-table.tsx';

interface CoverageLineProps {
  readonly page: SearchPage;
  readonly stale: boolean;
  /** Results that were asked for. */
  readonly limit: number;
  readonly onAgain: (() => void) | undefined;
}

/** What was searched, in one line that opens to a table; spoken once the search is over. */
export function CoverageLine({ page, stale, limit, onAgain }: CoverageLineProps) {
  const now = useNow();
  const parts = coverageSentence(page, now);
  const counted = resultCount(page, limit);
  const complete = isComplete(page.coverage);
  const Icon = !page.final ? IconProgress : complete ? IconCircleCheck : IconAlertTriangle;
  const tone = !page.final ? 'busy' : complete ? 'good' : 'wait';
  return (
    <div className="coverage">
      <details>
        <summary className="coverage-line">
          <Icon className={`tone-${tone}`} size={17} stroke={1.9} aria-hidden />
          <span>
            <strong>{counted}.</strong> <SentenceText parts={parts} />
          </span>
        </summary>
        <CoverageTable coverage={page.coverage} now={now} />
      </details>
      {onAgain && !complete && (
        <Button className="coverage-again" variant="subtle" onClick={onAgain}>
          Search again
        </Button>
      )}
      <VisuallyHidden aria-live="polite">{page.final && !stale ? `${counted}. ${plain(parts)}` : ''}</VisuallyHidden>
    </div>
  );
}
