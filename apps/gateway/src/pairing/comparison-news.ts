import { type ComparisonRefusal, type NewEvent, type Peer, showPeer } from '@kith/membership';
import { ServiceError } from '@kith/service';
import type { ComparisonEnd } from '@kith/wire';

/** How a comparison ended, for the owner; `name` is the peer's. */
export function endSentence(end: ComparisonEnd, name: string): string {
  switch (end) {
    case 'same':
      return `Both of you said that the numbers are the same: you and ${name} trust each other.`;
    case 'one-sided':
      return `You trust ${name}; its owner has not said yet that the numbers are the same. If that was forgotten, compare once more.`;
    case 'different':
      return `You said that the numbers differ: somebody may be standing between you and ${name}. It is blocked.`;
    case 'other-says-different':
      return `The owner of ${name} says that the numbers differ: somebody may be standing between you. Do not trust it; try another network, or a pairing code.`;
    case 'broken-off':
      return `The comparison with ${name} was broken off after it had begun. That happens when a connection is lost; if it happens again, somebody may be standing between you.`;
    case 'cancelled':
      return `The comparison with ${name} was given up.`;
    case 'time-is-up':
      return `Two minutes were not enough to compare with ${name}. Open it on both computers at the same time.`;
  }
}

/** Why the owner or a peer cannot do that now; `name`: of the peer with whom the comparison is open. */
export function refusalError(
  refusal: ComparisonRefusal,
  { name = 'another peer', closedForMs = 0 }: { readonly name?: string | undefined; readonly closedForMs?: number },
): ServiceError {
  switch (refusal) {
    case 'closed':
      return new ServiceError('comparisons_closed', closedSentence(closedForMs));
    case 'busy':
      return new ServiceError('comparison_busy', `You are comparing numbers with ${name} now: end that first.`);
    case 'differs':
      return new ServiceError(
        'numbers_differ',
        'That is not the number that this node shows. If the other owner really sees it, the two differ.',
      );
    case 'no-number':
      return new ServiceError(
        'comparison_not_open',
        'There is no number yet: it appears once both owners have opened the comparison.',
      );
    case 'not-open':
      return new ServiceError('comparison_not_open', 'No comparison of numbers with this peer is open here.');
  }
}

function closedSentence(leftMs: number): string {
  const minutes = Math.max(1, Math.ceil(leftMs / 60_000));
  return `Three comparisons within ten minutes did not end with the same number: somebody may be standing between you and the others. Comparing is closed for ${minutes} more minute${minutes === 1 ? '' : 's'}. A pairing code cannot be tricked like this.`;
}

export const knockEvent = (peer: Peer): NewEvent => ({
  type: 'peer-knock',
  message: `The owner of ${showPeer(peer)} wants to compare numbers now.`,
  peer: peer.id,
});

/** What is kept of a try that failed. */
export function comparisonEvents(peer: Peer, { end, closes }: { end: ComparisonEnd; closes: boolean }): NewEvent[] {
  const failed: NewEvent = {
    type: 'peer-comparison',
    message: endSentence(end, showPeer(peer)),
    peer: peer.id,
    data: { end },
  };
  if (!closes) return [failed];
  const message =
    'Somebody may be standing between you and the peers that you compared numbers with: three comparisons within ' +
    `ten minutes did not end well, the last with ${showPeer(peer)}. Comparing is closed for ten minutes.`;
  return [failed, { type: 'comparisons-closed', message, peer: peer.id }];
}
