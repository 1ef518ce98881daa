/** What is known of a replica, as far as the choice between them goes. */
export interface Candidate {
  /** Whether the registry lists it. */
  readonly isListed: boolean;
  /** Failed, and has not answered since. */
  readonly isDown: boolean;
  /** Requests that it has from this gateway. */
  readonly underWay: number;
  /** Grows with each choice; 0 for one that was never chosen. */
  readonly chosenAt: number;
}

/**
 * The replica that gets the next request: of those in the best condition the least busy, and of equals the one that was
 * chosen longest ago. One that is down or off the list is better than none: it may be back before anybody has noticed.
 */
export function chooseReplica<T extends Candidate>(replicas: Iterable<T>, tried: ReadonlySet<T>): T | undefined {
  let best: T | undefined;
  for (const one of replicas) {
    if (!tried.has(one) && (best === undefined || isBetter(one, best))) best = one;
  }
  return best;
}

function isBetter(a: Candidate, b: Candidate): boolean {
  const [rankOfA, rankOfB] = [condition(a), condition(b)];
  if (rankOfA !== rankOfB) return rankOfA < rankOfB;
  if (a.underWay !== b.underWay) return a.underWay < b.underWay;
  return a.chosenAt < b.chosenAt;
}

const condition = ({ isListed, isDown }: Candidate) => (isDown ? 2 : 0) + (isListed ? 0 : 1);
