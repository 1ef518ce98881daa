import { type PeerStore, setCheck, trust } from '@kith/membership';
import type { Clock } from '@kith/service';
import type { NodeId } from '@kith/wire';
import type { KnownPeers } from './known-peers.ts';

export interface PairingDecisionsOptions {
  readonly peers: PeerStore;
  readonly known: KnownPeers;
  readonly clock: Clock;
}

/** What the outcome of an exchange changes in the membership. The owner's own decisions always stand. */
export function createPairingDecisions({ peers, known, clock }: PairingDecisionsOptions) {
  const takenBack = new Set<NodeId>();
  return {
    async keepCheck(id: NodeId, check: string): Promise<void> {
      known.put(id, await peers.changePeer(id, (current) => setCheck(current, check, clock.now())));
    },
    /** Whether the pairing code may speak for this peer: only where its owner has not decided. */
    codeMayDecide: (id: NodeId) => known.get(id)?.trust === 'pending' && !takenBack.has(id),
    async trustByCode(id: NodeId): Promise<void> {
      const changed = await peers.changePeer(id, (current) =>
        current?.trust === 'pending' && !takenBack.has(id)
          ? trust(current, 'trusted', 'code', clock.now())
          : { peer: current, events: [] },
      );
      known.put(id, changed);
    },
    /** The owner has set this peer to pending by hand: the code must not undo that while this process runs. */
    takeBack(id: NodeId): void {
      takenBack.add(id);
    },
  };
}
export type PairingDecisions = ReturnType<typeof createPairingDecisions>;
