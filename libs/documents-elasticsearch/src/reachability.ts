import { setTimeout } from 'node:timers/promises';
import { errors } from '@elastic/elasticsearch';

/** How long a call waits for a server that was away to answer again; a search has less than a second in all. */
const BACK_MS = 250;

/**
 * Runs calls to a server. After one that did not reach it, the next ask first whether it is back, and reject with the
 * same error where `ping` does not answer soon: a machine that is off would else hold up each search until its end.
 */
export function createReachability(ping: () => Promise<unknown>): <T>(body: () => Promise<T>) => Promise<T> {
  let away: unknown;
  let asking: Promise<boolean> | undefined;

  const isBack = async (): Promise<boolean> => {
    asking ??= ping()
      .then(
        () => true,
        (error: unknown) => !isUnreached(error),
      )
      .then((back) => {
        asking = undefined;
        if (back) away = undefined;
        return back;
      });
    return await Promise.race([asking, setTimeout(BACK_MS, false, { ref: false })]);
  };

  return async (body) => {
    if (away !== undefined && !(await isBack())) throw away;
    try {
      return await body();
    } catch (error) {
      if (isUnreached(error)) away = error;
      throw error;
    }
  };
}

const isUnreached = (error: unknown): boolean =>
  error instanceof errors.ConnectionError ||
  error instanceof errors.TimeoutError ||
  error instanceof errors.NoLivingConnectionsError;
