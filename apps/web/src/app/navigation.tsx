import { IconDevices, IconFolder, IconInfoCircle, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { peersQuery } from '../live/queries.ts';
import { formatRoute, parseRoute, VIEWS, type View } from '../live/route.ts';

const LABELS = { search: 'Search', peers: 'Peers', shared: 'Shared here', node: 'This node' };
const ICONS = { search: IconSearch, peers: IconDevices, shared: IconFolder, node: IconInfoCircle };

export function Navigation({ view: current }: { readonly view: View }) {
  const { data: peers = [] } = useQuery(peersQuery);
  const waiting = peers.filter(
    ({ trust, state }) => trust === 'pending' && state !== 'dead' && state !== 'left',
  ).length;
  const route = { ...parseRoute(window.location.hash), open: '' };
  return (
    <nav className="nav" aria-label="Views">
      {VIEWS.map((view) => {
        const Icon = ICONS[view];
        return (
          <a key={view} href={formatRoute({ ...route, view })} aria-current={view === current ? 'page' : undefined}>
            <Icon size={17} stroke={1.8} aria-hidden />
            {LABELS[view]}
            {view === 'peers' && waiting > 0 && (
              <span className="nav-count" title="waiting for your decision">
                {waiting}
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}
