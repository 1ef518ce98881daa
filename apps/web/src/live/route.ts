export const VIEWS = ['search', 'peers', 'shared', 'node'] as const;
export type View = (typeof VIEWS)[number];

/** What the page shows, as kept in the address behind `#`. */
export interface Route {
  readonly view: View;
  /** The search's words. */
  readonly q: string;
  readonly scope: 'all' | 'here';
  /** Hash of the document that is open in the reader; empty: none. */
  readonly open: string;
}

export const home: Route = { view: 'search', q: '', scope: 'all', open: '' };

/** Reads `#/peers`, `#/search?q=heron&open=…`; what it does not know is the start. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const values = new URLSearchParams(query);
  const open = values.get('open') ?? '';
  return {
    view: VIEWS.find((view) => view === path) ?? 'search',
    q: (values.get('q') ?? '').slice(0, 512),
    scope: values.get('scope') === 'here' ? 'here' : 'all',
    open: /^[0-9a-f]{64}$/.test(open) ? open : '',
  };
}

/** The address of a route; `parseRoute` reads it back. */
export function formatRoute({ view, q, scope, open }: Route): string {
  const values = new URLSearchParams();
  if (q !== '') values.set('q', q);
  if (scope === 'here') values.set('scope', scope);
  if (open !== '') values.set('open', open);
  const query = values.toString();
  return `#/${view}${query ? `?${query}` : ''}`;
}
