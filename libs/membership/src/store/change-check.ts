import type { NodeId } from '@kith/wire';
import { BadRecordError } from '../errors.ts';
import type { Peer } from '../peer/peer.ts';
import type { PeerChange } from './peer-store.ts';

/** Whether a rule's result has to be written at all; throws where the rule returned another peer than it was asked for. */
export function isNoChange(id: NodeId, current: Peer | undefined, change: PeerChange): boolean {
  if (change.peer !== undefined && change.peer.id !== id) {
    throw new BadRecordError(`The rule for peer ${id} returned peer ${change.peer.id}.`);
  }
  return change.peer === current && change.events.length === 0;
}
