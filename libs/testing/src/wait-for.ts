import { setTimeout } from 'node:timers/promises';

export interface WaitForOptions {
  /** Default 5000. */
  timeoutMs?: number;
  /** What is waited for, named in the error. */
  what: string;
}
type Falsy = undefined | null | false | 0 | '';

/**
 * Asks `condition` every 10 ms until it gives something that is true, and resolves with that. A condition that throws
 * counts as not yet; past the time limit the error names `what` and the last thing thrown.
 */
export async function waitFor<T>(
  condition: () => T | Falsy | Promise<T | Falsy>,
  { timeoutMs = 5000, what }: WaitForOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
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
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}${why}`, { cause: thrown });
    }
    await setTimeout(10);
  }
}
