import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { PeerComparison } from '../comparison/peer-comparison.tsx';
import { count } from '../format/count.ts';
import { peersQuery } from '../live/queries.ts';
import { useNow } from '../live/use-now.ts';
import { go } from '../live/use-route.ts';
import { groupPeers } from './group-peers.ts';
import { PeerActions } from './peer-actions.tsx';
import { PeerRowState } from './peer-row-state.tsx';
import './peers.css';

/** Peers at a glance beside the search; one that waits for a decision can be decided on here. */
export function PeerRail() {
  const { data: peers } = useQuery(peersQuery);
  const now = useNow();
  if (!peers) return <aside />;
  const { pending, trusted } = groupPeers(peers);
  const isAtIt = ({ pairing }: (typeof pending)[number]) => pairing === 'comparing' || pairing === 'knocked';
  const waiting = pending
    .filter(({ state }) => state === 'alive')
    .toSorted((one, other) => Number(isAtIt(other)) - Number(isAtIt(one)));
  return (
    <aside className="stack" aria-label="Peers">
      {waiting.slice(0, 2).map((peer) => (
        <section key={peer.id} className="card peer peer-pending" aria-label={`${peer.name} waits for your decision`}>
          <p className="small quiet">New on this network</p>
          <h2 className="peer-name">
            <bdi>{peer.name}</bdi> <span className="mono quiet">{peer.shortId}</span>
          </h2>
          {peer.warnings.map((warning) => (
            <p key={warning} className="note note-bad small" role="alert">
              {warning}
            </p>
          ))}
          <PeerComparison peer={peer} />
          <PeerActions peer={peer} />
        </section>
      ))}
      <section className="card" aria-labelledby="rail-peers">
        <div className="row row-between">
          <h2 id="rail-peers">Trusted peers</h2>
          <Button variant="subtle" onClick={() => go({ view: 'peers' })}>
            All peers
          </Button>
        </div>
        {trusted.length === 0 && (
          <p className="small quiet">
            None yet. Start Kith on another machine of this network; it appears here by itself.
          </p>
        )}
        <ul className="rail-list">
          {trusted.map((peer) => (
            <li key={peer.id} className="rail-row">
              <bdi className="name rail-name">{peer.name}</bdi>
              <PeerRowState peer={peer} now={now} withDetail={false} />
              <span className="small quiet rail-count">
                {peer.documents !== undefined && count(peer.documents, 'document')}
              </span>
              {peer.warnings.length > 0 && <span className="small rail-warning">{peer.warnings[0]}</span>}
            </li>
          ))}
        </ul>
        {waiting.length > 2 && <p className="small">{waiting.length - 2} more wait for your decision.</p>}
      </section>
    </aside>
  );
}
