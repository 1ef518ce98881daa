import { type Clock, codeOf, type Log } from '@kith/service';

export interface SweepsOptions {
  /** One whole pass. */
  pass: (why: SweepReason) => Promise<void>;
  intervalMs: number;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  random?: () => number;
}
export type SweepReason = 'start' | 'time' | 'network' | 'wake';

/** A network that comes and goes sets off one pass in this time at most, in milliseconds. */
const REST_MS = 3000;
const JITTER = 0.2;

export interface Sweeps {
  /** Passes until the signal aborts. */
  run(): Promise<void>;
  /** Begins a pass now, or as soon as the one under way and its rest are over. */
  trigger(why: SweepReason): void;
}

/** Passes at the start, when triggered, and else every few minutes with jitter. Never two at once. */
export function createSweeps(options: SweepsOptions): Sweeps {
  const { pass, intervalMs, clock, log, signal, random = Math.random } = options;
  let next: SweepReason | undefined = 'start';
  let wake = new AbortController();
  return {
    trigger: (why) => {
      next = why;
      wake.abort();
    },
    run: async () => {
      while (!signal.aborted) {
        const why: SweepReason = next ?? 'time';
        next = undefined;
        await pass(why).catch((error) => {
          if (!signal.aborted) log.warn({ err: error, code: codeOf(error) }, 'a sweep broke off');
        });
        await clock.sleep(REST_MS, signal).catch(() => {});
        wake = new AbortController();
        if (next !== undefined) continue;
        const pause = intervalMs * (1 + JITTER * (random() * 2 - 1)) - REST_MS;
        await clock.sleep(Math.max(0, pause), AbortSignal.any([signal, wake.signal])).catch(() => {});
      }
    },
  };
}
