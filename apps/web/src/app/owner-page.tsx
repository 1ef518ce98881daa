import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { SharedView } from '../documents/shared-view.tsx';
import { statusQuery } from '../live/queries.ts';
import { useLive } from '../live/use-live.ts';
import { useRoute } from '../live/use-route.ts';
import { NodeView } from '../node/node-view.tsx';
import { NodeWarnings } from '../node/node-warnings.tsx';
import { PeersView } from '../peers/peers-view.tsx';
import { OwnerSearch } from '../search/owner-search.tsx';
import { UploadProvider } from '../uploads/upload-provider.tsx';
import { Header } from './header.tsx';
import { LastResort } from './last-resort.tsx';

const TITLES = { search: 'Search', peers: 'Peers', shared: 'Shared here', node: 'This node' };

/** The whole page of the owner: one view at a time, uploads and live changes over all of them. */
export function OwnerPage() {
  const { view } = useRoute();
  const { state, spoken } = useLive();
  const { data: status } = useQuery(statusQuery);
  const main = useRef<HTMLElement>(null);
  const before = useRef(view);

  useEffect(() => {
    document.title = `${TITLES[view]} – Kith${status ? ` on ${status.name}` : ''}`;
    if (before.current !== view && view !== 'search') main.current?.focus({ preventScroll: true });
    if (before.current !== view) window.scrollTo(0, 0);
    before.current = view;
  }, [view, status]);

  return (
    <UploadProvider>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header view={view} live={state} />
      <main id="main" className="main" ref={main} tabIndex={-1}>
        <NodeWarnings />
        <LastResort key={view}>
          {view === 'search' && <OwnerSearch />}
          {view === 'peers' && <PeersView />}
          {view === 'shared' && <SharedView />}
          {view === 'node' && <NodeView />}
        </LastResort>
      </main>
      <VisuallyHidden aria-live="polite">{spoken}</VisuallyHidden>
    </UploadProvider>
  );
}
