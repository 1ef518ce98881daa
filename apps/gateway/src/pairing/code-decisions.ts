import { type Peer, type PeerStore, trust } from '@kith/membership';
import type { Clock } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { KnownPeers } from '../known-peers.ts';

export interface CodeDecisionsOptions {
  readonly peers: PeerStore;
  readonly known: KnownPeers;
  readonly clock: Clock;
}

/** What a proof of the pairing code changes in the membership. The owner's own decisions always stand. */
export function createCodeDecisions({ peers, known, clock }: CodeDecisionsOptions) {
  return {
    /** Whether the pairing code may speak for this peer: only where its owner has not decided. */
    codeMayDecide: (id: NodeId) => isOpen(known.get(id)),
    async trustByCode(id: NodeId): Promise<void> {
      const changed = await peers.changePeer(id, (current) =>
        current !== undefined && isOpen(current)
          ? trust(current, 'trusted', 'code', clock.now())
          : { peer: current, events: [] },
      );
      known.put(id, changed);
    },
  };
}
const isOpen = (peer: Peer | undefined) => peer?.trust === 'pending' && peer.trustedBy !== 'owner';

export type CodeDecisions = ReturnType<typeof createCodeDecisions>;
