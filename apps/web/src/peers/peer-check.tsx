import type { PeerView } from '@kith/wire';
import { Loader } from '@mantine/core';
import { checkNumber, checkSpoken } from './check-number.ts';

/** The six digits that both owners compare, large, with what to do about them. */
export function PeerCheck({ peer }: { readonly peer: PeerView }) {
  if (!peer.check) {
    return (
      <p className="check-wait row quiet small" aria-live="polite">
        {peer.state === 'alive' && <Loader size={14} />}
        {peer.state === 'alive'
          ? 'The two nodes agree on a number to compare; it appears here in a moment.'
          : 'The number to compare appears when this peer is back.'}
      </p>
    );
  }
  return (
    <div className="check">
      <p className="check-number" role="img" aria-label={`Number to compare: ${checkSpoken(peer.check)}`}>
        {checkNumber(peer.check)}
      </p>
      <p className="small">
        Compare this number with the one that <bdi className="name">{peer.name}</bdi> shows for this node: ask its
        owner, look at its screen. The same? Trust. Different? Somebody stands between you: block.
      </p>
    </div>
  );
}
