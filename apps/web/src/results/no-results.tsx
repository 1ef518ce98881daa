import type { SearchPage } from '@kith/wire';
import { IconAlertTriangle, IconSearchOff } from '@tabler/icons-react';
import { noResultsSentence } from './no-results-sentence.ts';

export function NoResults({ page }: { readonly page: SearchPage }) {
  const { title, advice, certain } = noResultsSentence(page);
  const Icon = certain ? IconSearchOff : IconAlertTriangle;
  return (
    <div className={certain ? 'nothing' : 'nothing nothing-doubt'}>
      <Icon size={28} stroke={1.5} aria-hidden />
      <div>
        <p className="nothing-title">{title}</p>
        <p className="quiet">{advice}</p>
      </div>
    </div>
  );
}
