import { networkInterfaces } from 'node:os';
import type { NodeStatus, Peer } from '@kith/membership';
import { peerLabel, peerWarnings } from '@kith/membership';
import {
  type NodeId,
  type NodeView,
  nodeViewSchema,
  type PairingState,
  type PeerView,
  PROTOCOL_VERSION,
  peerViewSchema,
  shortIdAmong,
} from '@kith/wire';
import packageJson from '../../package.json' with { type: 'json' };

export interface SelfFacts {
  readonly id: NodeId;
  readonly name: string;
  readonly gatewayPort: number;
  readonly pingbackPort: number;
  readonly pairingCode: boolean;
}

/** This node as its owner sees it. */
export function nodeView(
  self: SelfFacts,
  { scanner, clone, documents }: NodeStatus,
  known: readonly Peer[] = [],
): NodeView {
  const used = scanner?.interfaces.filter(({ used }) => used).flatMap(({ addresses }) => addresses);
  return nodeViewSchema.parse({
    ...self,
    shortId: shortIdAmong(self.id, idsOf(known)),
    version: packageJson.version,
    protocol: PROTOCOL_VERSION,
    addresses: used && used.length > 0 ? used : ownAddresses(),
    documents: documents.count,
    ...(scanner ? { scanner } : {}),
    warnings: clone
      ? [
          `A second copy of this node runs at ${clone.address}: its data folder was copied. Give one of the two a fresh data folder.`,
        ]
      : [],
  });
}

/** A peer as this node's owner sees it, among all that are known. */
export function peerView(
  peer: Peer,
  all: readonly Peer[],
  self: SelfFacts,
  { pairing, warnings }: { readonly pairing: PairingState; readonly warnings: readonly string[] },
): PeerView {
  const label = peerLabel(peer, all);
  return peerViewSchema.parse({
    ...peer,
    shortId: shortIdAmong(peer.id, [self.id, ...idsOf(all)]),
    label,
    pairing,
    documents: peer.trust === 'trusted' ? peer.documents?.count : undefined,
    url: `http://${label}.localhost:${self.gatewayPort}/`,
    warnings: [...warnings, ...peerWarnings(peer, all, self)],
  });
}

const idsOf = (peers: readonly Peer[]) => peers.map(({ id }) => id);

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address);
}
