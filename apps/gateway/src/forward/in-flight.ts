import { ServiceError } from '@kith/service';
import type { NodeId } from '@kith/wire';

/** Requests and tunnels that one peer may have under way here, so that no peer takes the others' place. */
export const IN_FLIGHT_PER_PEER = 32;

/** Something that says when it is over, whichever way it ends. */
interface Ending {
  once(event: 'close', listener: () => void): unknown;
}

/** Counts what is under way for each peer; throws `too_many_requests` above the limit. */
export function createInFlight(limit = IN_FLIGHT_PER_PEER) {
  const counts = new Map<NodeId, number>();
  return (peer: NodeId, ending: Ending): void => {
    const count = counts.get(peer) ?? 0;
    if (count >= limit) {
      throw new ServiceError(
        'too_many_requests',
        `Your node has ${limit} requests under way here: wait for one to end.`,
      );
    }
    counts.set(peer, count + 1);
    ending.once('close', () => {
      const left = (counts.get(peer) ?? 1) - 1;
      if (left > 0) counts.set(peer, left);
      else counts.delete(peer);
    });
  };
}
