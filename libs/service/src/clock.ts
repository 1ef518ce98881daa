import { performance } from 'node:perf_hooks';

/** Time as a collaborator, so that rules about time are tested without waiting. */
export interface Clock {
  /** Wall time in milliseconds since 1970. May jump (sleep, NTP); use it only for what people read. */
  now(): number;
  /** Milliseconds that only ever grow; use it for intervals and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`, at once where that is below 0, at the latest after 24 days; rejects with the signal's reason if `signal` aborts first. Does not keep the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node takes what a timer cannot hold (below 0, above 2³¹ − 1) for 1 ms, and warns. */
const TIMER_MAX_MS = 2 ** 31 - 1;
const timerMs = (ms: number) => Math.min(TIMER_MAX_MS, Math.max(0, ms));

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, timerMs(ms));
      timer.unref();
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
