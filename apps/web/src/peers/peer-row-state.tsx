import type { PeerView } from '@kith/wire';
import { peerState } from './peer-state.ts';

const TONES = { alive: 'good', suspect: 'wait', dead: 'gone', left: 'gone' } as const;

/** A dot and a word: never the colour alone. */
export function PeerRowState({
  peer,
  now,
  withDetail,
}: {
  readonly peer: PeerView;
  readonly now: number;
  readonly withDetail: boolean;
}) {
  const { word, detail } = peerState(peer, now);
  return (
    <span className="peer-state small" title={detail}>
      <span className={`dot dot-${TONES[peer.state]}`} aria-hidden />
      <span>
        {word}
        {withDetail && <span className="quiet"> · {detail}</span>}
      </span>
    </span>
  );
}
