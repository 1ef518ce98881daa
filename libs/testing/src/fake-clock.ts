import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@kith/service';

export interface FakeClock extends Clock {
  /** Moves both times on by `ms`, waking every sleeper whose time comes, in order, each after what the one before set off. */
  advance(ms: number): Promise<void>;
  /** Wall time jumps by `ms` and sleepers stay asleep: what a machine sees when it wakes or its clock is set. */
  jump(ms: number): void;
  /** How many sleepers wait, for a test that must know that a loop has come to rest. */
  readonly sleeping: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to move; `startMs` is the wall time at first, in ms since 1970. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let wall = startMs;
  let elapsed = 0;
  const sleepers = new Set<Sleeper>();
  const next = (until: number) => {
    let first: Sleeper | undefined;
    for (const one of sleepers) if (one.at <= until && (first === undefined || one.at < first.at)) first = one;
    return first;
  };
  const moveTo = (at: number) => {
    wall += at - elapsed;
    elapsed = at;
  };
  return {
    now: () => wall,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const leave = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
        };
        const onAbort = () => {
          leave();
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: elapsed + Math.max(0, ms),
          wake: () => {
            leave();
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    advance: async (ms) => {
      const until = elapsed + ms;
      await settle();
      for (let due = next(until); due; due = next(until)) {
        moveTo(Math.max(elapsed, due.at));
        due.wake();
        await settle();
      }
      moveTo(until);
      await settle();
    },
    jump: (ms) => {
      wall += ms;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}

/** Lets promises and what they set off run: some turns of the event loop, enough for a file or a loopback socket read. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}
