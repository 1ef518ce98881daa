import type { PeerView } from '@kith/wire';

/** What the peer may do, and by whose decision. */
export function trustText({ trust, trustedBy }: Pick<PeerView, 'trust' | 'trustedBy'>): string {
  if (trust === 'blocked') return 'Blocked: it gets nothing from this node and is not searched';
  if (trust === 'pending') return 'Not trusted yet: neither searches the other';
  return trustedBy === 'code'
    ? 'Trusted by the pairing code: each may search and open what the other shares'
    : 'Trusted by you: it may search and open what is shared here';
}
