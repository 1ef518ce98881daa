import { performance } from 'node:perf_hooks';

/** Time as a collaborator, so that rules about time are tested without waiting. */
export interface Clock {
  /** Wall time in milliseconds since 1970. May jump (sleep, NTP); use it only for what people read. */
  now(): number;
  /** Milliseconds that only ever grow; use it for intervals and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason if `signal` aborts first. Does not keep the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

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
      }, ms);
      timer.unref();
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
