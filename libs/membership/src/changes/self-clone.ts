import type { NewEvent } from '../peer/event.ts';
import type { NodeStatus } from '../store/peer-store.ts';

export interface SelfSighting {
  readonly instance: string;
  readonly address: string;
}

/**
 * A verified reply carried our own id. `look-again`: another instance than ours gave it, but it may be ours of a moment
 * ago (pingback was restarted while the probe was under way): probe that address once more, read the status again, and
 * call with this sighting as `before`. `clone` only where the same foreign instance answered twice.
 */
export function judgeSelf(
  status: Pick<NodeStatus, 'self'>,
  sighting: SelfSighting,
  before?: SelfSighting,
): 'own' | 'look-again' | 'clone' {
  if (status.self === undefined || status.self.instance === sighting.instance) return 'own';
  return before?.instance === sighting.instance ? 'clone' : 'look-again';
}

/** What to write and tell once `judgeSelf` said `clone`; no event where it is known already. */
export function selfCloneSeen(
  status: Pick<NodeStatus, 'clone'>,
  { instance, address }: SelfSighting,
  nowMs: number,
): { clone: NonNullable<NodeStatus['clone']>; events: NewEvent[] } {
  const clone = { address, instance, seenAt: nowMs };
  if (status.clone?.instance === instance) return { clone, events: [] };
  const message =
    `This node runs twice: a copy of its data folder answers at ${address}. ` +
    'Stop one of the two, delete the identity in its data folder and start it again.';
  return { clone, events: [{ type: 'self-clone', message, address, data: { instance } }] };
}
