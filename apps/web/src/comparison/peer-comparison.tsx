import type { PeerView } from '@kith/wire';
import { Button, Loader } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { checkNumber } from './check-number.ts';
import { NumberQuestion } from './number-question.tsx';
import { useComparison } from './use-comparison.ts';

/** Comparing numbers with the owner of a peer, from the first button to the trust that both have said. */
export function PeerComparison({ peer }: { readonly peer: PeerView }) {
  const comparison = useComparison(peer);
  const { open, busyWith, isKnocking, last, closedForSeconds, step, isBusy } = comparison;
  const name = <bdi className="name">{peer.name}</bdi>;
  if (open?.number !== undefined && !open.saidSame) {
    return <NumberQuestion key={open.number} peer={peer} number={open.number} comparison={comparison} />;
  }
  if (open) {
    return (
      <div className="check">
        <p className="check-wait row small" aria-live="polite">
          <Loader size={14} />
          {open.saidSame ? (
            <span>
              You trust {name}. Its owner has not said yet that the numbers are the same: yours is{' '}
              <b className="mono">{checkNumber(open.number ?? '')}</b>.
            </span>
          ) : (
            <span>
              Waiting for the owner of {name}: they must press Compare, too, on their own computer. {open.secondsLeft} s
              left.
            </span>
          )}
        </p>
        <div className="row">
          <Button variant="default" disabled={isBusy} onClick={() => step('cancel')}>
            {open.saidSame ? 'Close' : 'Cancel'}
          </Button>
        </div>
      </div>
    );
  }
  const isOneSided = peer.pairing === 'one-sided';
  return (
    <div className="check">
      {last && (
        <p className="note small" aria-live="polite">
          {last}
        </p>
      )}
      {closedForSeconds !== undefined && (
        <p className="note note-bad small" role="alert">
          Three comparisons did not end with the same number: somebody may be standing between you and the others.
          Comparing is closed for {Math.ceil(closedForSeconds / 60)} more minutes. A pairing code cannot be tricked like
          this.
        </p>
      )}
      <p className="small">
        {isKnocking ? (
          <b>The owner of {name} wants to compare now.</b>
        ) : isOneSided ? (
          <>You trust {name}, but it does not trust this node yet. Its owner must say so there; or compare once more.</>
        ) : (
          <>To trust {name}, compare numbers with its owner: both press Compare and tell each other what they see.</>
        )}
      </p>
      <div className="row">
        <Button
          size="sm"
          leftSection={<IconArrowsDiff size={16} aria-hidden />}
          disabled={isBusy || busyWith !== undefined || closedForSeconds !== undefined || peer.state !== 'alive'}
          onClick={() => step('open')}
          aria-label={`Compare with ${peer.name}`}
        >
          Compare
        </Button>
        {busyWith !== undefined && <span className="small quiet">You are comparing with {busyWith} now.</span>}
        {peer.state !== 'alive' && <span className="small quiet">when it is back</span>}
      </div>
    </div>
  );
}
