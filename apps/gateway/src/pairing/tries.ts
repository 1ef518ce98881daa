import type { Clock } from '@kith/service';

export interface TriesOptions {
  readonly clock: Clock;
  readonly perKey: number;
  readonly inAll: number;
  /** Length of the window in which tries are counted, in milliseconds. */
  readonly windowMs: number;
}

/** Counts tries in a window of time, for each key and in all; the oldest keys are forgotten first. */
export function createTries({ clock, perKey, inAll, windowMs }: TriesOptions) {
  let startedAt = clock.monotonic();
  let total = 0;
  let counts = new Map<string, number>();
  return {
    /** Whether this key may try once more; if so, the try is counted. */
    take(key: string): boolean {
      if (clock.monotonic() - startedAt > windowMs) {
        startedAt = clock.monotonic();
        total = 0;
        counts = new Map();
      }
      const count = counts.get(key) ?? 0;
      if (count >= perKey || total >= inAll) return false;
      counts.set(key, count + 1);
      total += 1;
      return true;
    },
  };
}
export type Tries = ReturnType<typeof createTries>;
