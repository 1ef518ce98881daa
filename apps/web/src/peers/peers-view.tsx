import type { PeerView } from '@kith/wire';
import { useQuery } from '@tanstack/react-query';
import { DevicesList } from '../devices/devices-list.tsx';
import { LookForm } from '../devices/look-form.tsx';
import { messageOf } from '../http/request-error.ts';
import { nodeQuery, peersQuery } from '../live/queries.ts';
import { useNow } from '../live/use-now.ts';
import { Remarks } from '../node/remarks.tsx';
import { groupPeers } from './group-peers.ts';
import { PeerCard } from './peer-card.tsx';
import './peers.css';

export function PeersView() {
  const { data: peers, error } = useQuery(peersQuery);
  const { data: node } = useQuery(nodeQuery);
  const now = useNow();
  if (error) return <p className="note note-bad">{messageOf(error)}</p>;
  const { pending, trusted, blocked } = groupPeers(peers ?? []);
  const section = (title: string, note: string, group: readonly PeerView[]) =>
    group.length > 0 && (
      <section className="stack" aria-label={title}>
        <div>
          <h2>
            {title} <span className="quiet">{group.length}</span>
          </h2>
          <p className="small quiet">{note}</p>
        </div>
        <ul className="peer-list">
          {group.map((peer) => (
            <PeerCard key={peer.id} peer={peer} now={now} />
          ))}
        </ul>
      </section>
    );

  return (
    <div className="stack peers-view">
      <h1 className="view-title">Peers</h1>
      {section(
        'Waiting for your decision',
        'Found on this network; their keys are verified, their owners are not.',
        pending,
      )}
      {section('Trusted', 'Searches ask these peers, and they may search this node.', trusted)}
      {section('Blocked', 'Their requests are refused.', blocked)}
      {peers?.length === 0 && (
        <div className="card">
          <h2>No other node found yet</h2>
          <p>
            Start Kith on another machine of this network: it appears here by itself within a second or two. If it does
            not, ask below for its address.
          </p>
          <Remarks remarks={node?.scanner?.remarks ?? []} />
        </div>
      )}
      <LookForm />
      <DevicesList />
    </div>
  );
}
