import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late this process itself is: while it is, silence of others proves nothing (Lifeguard, arXiv 1707.00788). */
export interface OwnDelay {
  /** Longest delay of the event loop in milliseconds within the last one to two seconds. */
  ms(): number;
  /** To be called once a second. */
  turn(): void;
  close(): void;
}

const RESOLUTION_MS = 50;

export function openOwnDelay(): OwnDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let before = 0;
  const current = () => Math.max(0, histogram.max / 1e6 - RESOLUTION_MS);
  return {
    ms: () => Math.max(before, current()),
    turn: () => {
      before = current();
      histogram.reset();
    },
    close: () => histogram.disable(),
  };
}
