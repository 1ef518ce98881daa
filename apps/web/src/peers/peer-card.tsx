import type { PeerView } from '@kith/wire';
import { IconAlertTriangle, IconExternalLink } from '@tabler/icons-react';
import { PeerUses } from '../audit/peer-uses.tsx';
import { PeerComparison } from '../comparison/peer-comparison.tsx';
import { count } from '../format/count.ts';
import { when } from '../format/when.ts';
import { openWithPass } from '../http/session.ts';
import { isToCompare } from './group-peers.ts';
import { PeerActions } from './peer-actions.tsx';
import { PeerRowState } from './peer-row-state.tsx';
import { trustText } from './trust-text.ts';

export function PeerCard({ peer, now }: { readonly peer: PeerView; readonly now: number }) {
  const { id, shortId, name, trust, warnings, addresses, documents, url, firstSeenAt } = peer;
  const isTrusted = trust === 'trusted';
  return (
    <li className={`card peer peer-${trust}`} aria-labelledby={`peer-${id}`}>
      <div className="row row-between peer-head">
        <h3 id={`peer-${id}`} className="peer-name">
          <bdi>{name}</bdi> <span className="mono quiet">{shortId}</span>
        </h3>
        <PeerRowState peer={peer} now={now} withDetail />
      </div>
      {warnings.map((warning) => (
        <p key={warning} className="note note-bad row peer-warning" role="alert">
          <IconAlertTriangle size={18} aria-hidden /> <span>{warning}</span>
        </p>
      ))}
      {isToCompare(peer) && <PeerComparison peer={peer} />}
      <p className="small quiet dots">
        <span>{trustText(peer)}</span>
        {isTrusted && documents !== undefined && <span>{count(documents, 'document')}</span>}
        {isTrusted && peer.state === 'alive' && (
          <span>
            <a href={url} target="_blank" rel="noreferrer noopener" onClick={openWithPass}>
              its page <IconExternalLink size={12} aria-hidden />
            </a>
          </span>
        )}
      </p>
      <PeerUses peer={peer} now={now} />
      <div className="row row-between">
        <PeerActions peer={peer} />
        <details className="small peer-more">
          <summary className="quiet">Details</summary>
          <dl className="facts">
            <dt>Id</dt>
            <dd className="mono">{id}</dd>
            <dt>Addresses</dt>
            <dd>
              {addresses.map(({ address, lastSuccessAt, roundTripMs }) => (
                <div key={address}>
                  <span className="mono">{address}</span>{' '}
                  <span className="quiet">
                    {roundTripMs.toFixed(1)} ms, last answer {when(lastSuccessAt, { now })}
                  </span>
                </div>
              ))}
            </dd>
            <dt>First seen</dt>
            <dd>{when(firstSeenAt, { now })}</dd>
            <dt>In commands</dt>
            <dd className="mono">{peer.label}</dd>
          </dl>
        </details>
      </div>
    </li>
  );
}
