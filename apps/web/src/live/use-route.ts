import { useMemo, useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route } from './route.ts';

const CHANGED = 'kith-route';

function subscribe(onChange: () => void): () => void {
  for (const event of ['hashchange', 'popstate', CHANGED]) window.addEventListener(event, onChange);
  return () => {
    for (const event of ['hashchange', 'popstate', CHANGED]) window.removeEventListener(event, onChange);
  };
}

/** What the page shows now. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

/** Changes a part of what the page shows. `push` makes a step that the browser's Back undoes. */
export function go(change: Partial<Route>, { push = true }: { readonly push?: boolean } = {}): void {
  const address = formatRoute({ ...parseRoute(window.location.hash), ...change });
  if (push) window.history.pushState({ byPage: true }, '', address);
  else window.history.replaceState(window.history.state, '', address);
  window.dispatchEvent(new Event(CHANGED));
}

/** Leaves the open document: Back where opening it was this page's own step, so that Back does not open it again. */
export function closeDocument(): void {
  const { state } = window.history;
  if (typeof state === 'object' && state !== null && 'byPage' in state) window.history.back();
  else go({ open: '' }, { push: false });
}
