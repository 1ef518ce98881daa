import { useQuery } from '@tanstack/react-query';
import { ColorSchemeMenu } from '../controls/color-scheme-menu.tsx';
import { LiveMark } from '../controls/live-mark.tsx';
import { nodeQuery } from '../live/queries.ts';
import type { View } from '../live/route.ts';
import type { Live } from '../live/use-live.ts';
import { Navigation } from './navigation.tsx';

interface HeaderProps {
  readonly view: View;
  readonly live: Live['state'];
}

export function Header({ view, live }: HeaderProps) {
  const { data: node } = useQuery(nodeQuery);
  return (
    <header className="header">
      <div className="header-inner">
        <a className="brand" href="#/search">
          <img src="/kith.svg" alt="" />
          Kith
        </a>
        <Navigation view={view} />
        <div className="header-node">
          <LiveMark state={live} />
          {node && (
            <span className="header-name" title={`This node: ${node.name} (${node.shortId})`}>
              <bdi className="name">{node.name}</bdi> <span className="mono quiet">{node.shortId}</span>
            </span>
          )}
          <ColorSchemeMenu />
        </div>
      </div>
    </header>
  );
}
