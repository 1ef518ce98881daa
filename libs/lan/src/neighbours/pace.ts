import type { Clock } from '@kith/service';

/**
 * What the kernel bears, over all sweeps at once: each unanswered address holds a slot of its neighbour table for about
 * 3 s, and the table has 1024 slots for all (gc_thresh3; facts measured on Linux 6). So up to BURST at once, which makes a
 * /24 quick, and then PER_SECOND: in 3 s no more than BURST + 3 · PER_SECOND slots are taken.
 */
export const BURST = 400;
export const PER_SECOND = 100;
/** Inside a burst, datagrams are spread a little: a /24 at 2,000 a second lost none of 41 devices. */
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
  /** Milliseconds until something may be asked, as far as is known now. */
  const pauseMs = () => Math.max(quietUntil - clock.monotonic(), (1 - tokens) * (1000 / (perSecond * factor)));
  const wait = async (signal?: AbortSignal) => {
    await clock.sleep(STEP_MS, signal);
    for (fill(); pauseMs() > 0; fill()) await clock.sleep(pauseMs() + 1, signal);
  };
  // One after the other, in the order of asking: two sweeps get an equal share.
  let queue: Promise<void> = Promise.resolve();
  return {
    take: (wanted, signal) => {
      const given = queue.then(async () => {
        await wait(signal);
        const count = Math.min(wanted, (BURST_PER_SECOND * STEP_MS) / 1000, Math.floor(tokens));
        tokens -= count;
        return count;
      });
      queue = given.then(
        () => {},
        () => {},
      );
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
