import { type ReactNode, useMemo, useRef, useState } from 'react';
import { closeDocument, go, useRoute } from '../live/use-route.ts';
import { ReaderDrawer } from '../reader/reader-drawer.tsx';
import { Results } from '../results/results.tsx';
import { SearchBox } from './search-box.tsx';
import type { SearchSource } from './search-node.ts';
import { useFocusSearch } from './use-focus-search.ts';
import { useSearch } from './use-search.ts';
import { useTyping } from './use-typing.ts';
import './search.css';
import '../coverage/coverage.css';

const FIRST_LIMIT = 20;
const NEXT_LIMIT = 100;

interface SearchViewProps {
  readonly source: SearchSource;
  readonly placeholder: string;
  /** Whether there is a choice between this node and all. */
  readonly withScope?: boolean;
  /** Shown while there is nothing to search for. */
  readonly start: ReactNode;
}

export function SearchView({ source, placeholder, withScope = false, start }: SearchViewProps) {
  const route = useRoute();
  const typing = useTyping(route.q, (q) => go({ q }, { push: false }));
  const [more, setMore] = useState('');
  const [round, setRound] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLOListElement>(null);
  useFocusSearch(box);

  const { text, prefix } = typing.asked;
  const request = useMemo(
    () => ({ text, prefix, scope: route.scope, limit: more === text ? NEXT_LIMIT : FIRST_LIMIT }),
    [text, prefix, route.scope, more],
  );
  const search = useSearch(source, request, round);
  const again = () => setRound((before) => before + 1);
  const opened = search.page?.results.find(({ hash }) => hash === route.open);
  // A page that is loaded with a document open first learns who holds it.
  const isWaiting = opened === undefined && search.phase === 'asking' && search.page === undefined;

  return (
    <section className="stack search" aria-label="Search">
      <SearchBox
        ref={box}
        value={typing.value}
        placeholder={placeholder}
        busy={search.phase === 'asking'}
        scope={withScope ? route.scope : undefined}
        onChange={typing.type}
        onSubmit={() => (typing.submit() ? undefined : again())}
        onScope={(scope) => go({ scope }, { push: false })}
        onDown={() => list.current?.querySelector<HTMLElement>('[data-row]')?.focus()}
      />
      {search.phase === 'idle' ? (
        start
      ) : (
        <Results
          ref={list}
          search={search}
          limit={request.limit}
          onAgain={again}
          onMore={request.limit < NEXT_LIMIT ? () => setMore(text) : undefined}
          onLeave={() => box.current?.focus()}
        />
      )}
      <ReaderDrawer
        document={opened}
        hash={isWaiting ? '' : route.open}
        query={text}
        prefix={prefix}
        onClose={closeDocument}
      />
    </section>
  );
}
