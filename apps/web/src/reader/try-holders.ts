import type { Holder } from '@kith/wire';
import { isAbort, messageOf } from '../http/request-error.ts';

export interface HolderFailure {
  readonly holder: Holder;
  readonly message: string;
}

/** No holder gave the document; says of each why. */
export class NoHolderError extends Error {
  readonly failures: readonly HolderFailure[];

  constructor(failures: readonly HolderFailure[]) {
    super('no holder gave the document');
    this.failures = failures;
  }
}

export interface FromHolder<T> {
  readonly value: T;
  readonly holder: Holder;
  /** Holders that were tried before and failed. */
  readonly failures: readonly HolderFailure[];
}

/**
 * Asks one holder after the other until one answers, beginning with `first` where it is among them. All hold the same
 * bytes, so any will do. Throws NoHolderError where none answers; the caller's own abort passes through.
 */
export async function tryHolders<T>(
  holders: readonly Holder[],
  ask: (holder: Holder) => Promise<T>,
  first?: string,
): Promise<FromHolder<T>> {
  const ordered = [...holders.filter(({ id }) => id === first), ...holders.filter(({ id }) => id !== first)];
  const failures: HolderFailure[] = [];
  for (const holder of ordered) {
    try {
      return { value: await ask(holder), holder, failures };
    } catch (error) {
      if (isAbort(error)) throw error;
      failures.push({ holder, message: messageOf(error) });
    }
  }
  throw new NoHolderError(failures);
}
