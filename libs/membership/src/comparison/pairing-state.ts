import type { PairingState } from '@kith/wire';
import type { Peer } from '../peer/peer.ts';
import type { Comparison } from './comparison.ts';
import type { Knocks } from './knocks.ts';

/**
 * Where two owners are with each other, as this node's owner is shown it. `open` and `shown`: the comparison that is open
 * now and the knock that is shown now, with whichever peer.
 */
export function pairingState(
  peer: Pick<Peer, 'id' | 'trust' | 'state' | 'documents'>,
  { open, shown }: { readonly open?: Comparison | undefined; readonly shown?: Knocks['shown'] },
): PairingState {
  if (peer.trust === 'blocked') return 'blocked';
  if (open?.peer === peer.id) return open.saidSame ? 'waiting' : 'comparing';
  if (shown?.peer === peer.id) return 'knocked';
  if (peer.trust === 'pending') return 'pending';
  // A peer whose owner trusts this node tells it at once what it shares.
  return peer.state === 'alive' && peer.documents === undefined ? 'one-sided' : 'trusted';
}
