import type { Clock } from '@kith/service';

/**
 * What the kernel bears, over all sweeps at once: each unanswered address holds a slot of its neighbour table for about
 * 3 s, and the table has 1024 slots for all (gc_thresh3; facts measured on Linux 6). So up to BURST at once, which makes a
 * /24 quick, and then PER_SECOND: in 3 s no more than BURST + 3 · PER_SECOND slots are taken.
 */
export const BURST = 400;
export const PER_SECOND = 100;
/** Inside a burst, datagrams are spread a little: 2,000 a second lost none, 5,000 did. */
const BURST_PER_SECOND = 2000;
const STEP_MS = 10;

export interface Pace {
  /** Resolves with how many addresses may be asked now: at least 1, at most `wanted`. Rejects if the signal aborts. */
  take(wanted: number, signal?: AbortSignal): Promise<number>;
  /** The table was full: nothing for a while, and half the speed from then on until `take` went well for a minute. */
  slowDown(): void;
}

export function createPace({ clock, burst = BURST, perSecond = PER_SECOND }: PaceOptions): Pace {
  let tokens = burst;
  let filledAt = clock.monotonic();
  let quietUntil = 0;
  let slowUntil = 0;
  let factor = 1;
  const fill = () => {
    const now = clock.monotonic();
    if (now > slowUntil) factor = 1;
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond * factor);
    filledAt = now;
  };
  return {
    take: async (wanted, signal) => {
      const most = Math.min(wanted, (BURST_PER_SECOND * STEP_MS) / 1000);
      await clock.sleep(Math.max(STEP_MS, quietUntil - clock.monotonic()), signal);
      for (fill(); tokens < 1; fill()) await clock.sleep((1 - tokens) * (1000 / (perSecond * factor)) + 1, signal);
      const given = Math.min(most, Math.floor(tokens));
      tokens -= given;
      return given;
    },
    slowDown: () => {
      const now = clock.monotonic();
      // 3 s is what an unanswered entry lives.
      quietUntil = now + 3000;
      slowUntil = now + 60_000;
      factor = Math.max(0.1, factor / 2);
      tokens = Math.min(tokens, burst / 4);
    },
  };
}

interface PaceOptions {
  clock: Clock;
  /** Addresses at once after a rest. */
  burst?: number;
  /** Addresses a second in the long run. */
  perSecond?: number;
}
