import { setTimeout } from 'node:timers/promises';

export interface WaitForOptions {
  /** How long it may take on a quiet machine; a busy one is given BUSY times as long. Default 5000. */
  timeoutMs?: number;
  /** What is waited for, named in the error. */
  what: string;
}
/** How much slower than a quiet machine one may be that still passes all tests. */
const BUSY = 10;

type Falsy = undefined | null | false | 0 | '';

/**
 * Asks `condition` every 10 ms until it gives something that is true, and resolves with that. A condition that throws
 * counts as not yet; past the time limit the error names `what` and the last thing thrown.
 */
export async function waitFor<T>(
  condition: () => T | Falsy | Promise<T | Falsy>,
  { timeoutMs = 5000, what }: WaitForOptions,
): Promise<T> {
  const patienceMs = timeoutMs * BUSY;
  const deadline = performance.now() + patienceMs;
  let thrown: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      thrown = undefined;
    } catch (error) {
      thrown = error;
    }
    if (performance.now() >= deadline) {
      const why = thrown instanceof Error ? ` (${thrown.message})` : '';
      throw new Error(`waited ${patienceMs} ms in vain for ${what}${why}`, { cause: thrown });
    }
    await setTimeout(10);
  }
}
