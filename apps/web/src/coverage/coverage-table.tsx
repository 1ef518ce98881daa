import type { Coverage } from '@kith/wire';
import { count } from '../format/count.ts';
import { SentenceText } from '../format/sentence-text.tsx';
import { duration } from '../format/when.ts';
import { coverageReason } from './coverage-reason.ts';

/** Every node of a search and what became of it. */
export function CoverageTable({ coverage, now }: { readonly coverage: readonly Coverage[]; readonly now: number }) {
  return (
    <ul className="coverage-table small">
      {coverage.map((one) => (
        <li key={one.id} className="coverage-row">
          <span className={`dot dot-${toneOf(one)}`} aria-hidden />
          <span className="coverage-name">
            <bdi className="name">{one.name}</bdi>
            {one.self && <span className="quiet"> (this node)</span>}
          </span>
          <span className="quiet">
            {one.status === 'answered' ? answerOf(one) : <SentenceText parts={coverageReason(one, now).slice(1)} />}
          </span>
        </li>
      ))}
    </ul>
  );
}

function answerOf({ matches = 0, documents = 0, ms }: Coverage): string {
  const found = `${count(matches, 'match', 'matches')} in ${count(documents, 'document')}`;
  return ms === undefined ? found : `${found}, after ${duration(ms)}`;
}

function toneOf({ status }: Coverage): string {
  if (status === 'answered') return 'good';
  if (status === 'asking') return 'busy';
  return status === 'away' ? 'gone' : 'wait';
}
