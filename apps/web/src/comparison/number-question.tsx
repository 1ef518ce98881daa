import type { PeerView } from '@kith/wire';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { checkNumber, checkSpoken } from './check-number.ts';
import { numberChoices } from './number-choices.ts';
import type { useComparison } from './use-comparison.ts';

interface NumberQuestionProps {
  readonly peer: PeerView;
  readonly number: string;
  readonly comparison: ReturnType<typeof useComparison>;
}

/** The number, large, and which one the other owner sees: to be chosen among others, so that nobody says yes unseen. */
export function NumberQuestion({ peer, number, comparison }: NumberQuestionProps) {
  const { open, step, isBusy } = comparison;
  const [choices] = useState(() => numberChoices(number));
  const [wrong, setWrong] = useState('');
  const [asking, setAsking] = useState(false);
  return (
    <div className="check">
      <p className="check-number" role="img" aria-label={`Number of this node: ${checkSpoken(number)}`}>
        {checkNumber(number)}
      </p>
      <p className="small">
        Which number does <bdi className="name">{peer.name}</bdi> show? Ask its owner, or look at its screen.{' '}
        {open?.otherSaidSame && 'Its owner has said that it is the same. '}
        <span className="quiet">{open?.secondsLeft} s left.</span>
      </p>
      <fieldset className="row check-choices" aria-label={`The number that ${peer.name} shows`}>
        {choices.map((choice) => (
          <Button
            key={choice}
            variant="default"
            disabled={isBusy}
            aria-label={checkSpoken(choice)}
            onClick={() => (choice === number ? step({ same: true, number }) : setWrong(choice))}
          >
            {checkNumber(choice)}
          </Button>
        ))}
        <Button variant="subtle" color="red.8" disabled={isBusy} onClick={() => setAsking(true)}>
          None of these
        </Button>
      </fieldset>
      {wrong !== '' && (
        <p className="note note-bad small" role="alert">
          This node shows {checkNumber(number)}, not {checkNumber(wrong)}. Look once more. If they really differ, choose
          “None of these”.
        </p>
      )}
      <div className="row">
        <Button variant="subtle" color="gray" disabled={isBusy} onClick={() => step('cancel')}>
          Cancel
        </Button>
      </div>
      <ConfirmDialog
        opened={asking}
        title="The numbers differ?"
        action="They differ: block"
        onClose={() => setAsking(false)}
        onConfirm={() => step({ same: false })}
      >
        <p>
          Then somebody may be standing between you and <bdi className="name">{peer.name}</bdi>, and it is blocked. Try
          another network, or a pairing code.
        </p>
      </ConfirmDialog>
    </div>
  );
}
