import type { Clock } from './clock.ts';

export interface EveryOptions {
  /** Pause between the end of one run and the start of the next, in milliseconds. */
  intervalMs: number;
  /** Part of the interval that is random, 0–1: nodes started together drift apart. Default 0.2 (±20 %). */
  jitter?: number;
  clock: Clock;
  signal: AbortSignal;
  /** Called with what a run threw; the loop goes on. */
  onError: (error: unknown) => void;
  random?: () => number;
}

export type EventuallyOptions = Pick<EveryOptions, 'intervalMs' | 'clock' | 'signal'>;

/** Tries `task` after a pause, and again after each one that throws; resolves with whether it was done before the abort. */
export async function eventually(task: () => Promise<void>, options: EventuallyOptions): Promise<boolean> {
  const { clock, signal, intervalMs } = options;
  for (;;) {
    await clock.sleep(intervalMs, signal).catch(() => {});
    if (signal.aborted) return false;
    try {
      await task();
      return true;
    } catch {
      // What kept it is known to whoever tried it first.
    }
  }
}

/** Runs `task` again and again until `signal` aborts; resolves then. A run that throws is reported and does not end the loop. */
export async function every(task: () => Promise<void>, options: EveryOptions): Promise<void> {
  const { clock, signal, intervalMs, jitter = 0.2, random = Math.random, onError } = options;
  while (!signal.aborted) {
    try {
      await task();
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    const pause = intervalMs * (1 + jitter * (random() * 2 - 1));
    await clock.sleep(pause, signal).catch(() => {});
  }
}
