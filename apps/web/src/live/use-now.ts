import { useSyncExternalStore } from 'react';

const TICK_MS = 30_000;
let now = Date.now();

function subscribe(onChange: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    onChange();
  }, TICK_MS);
  return () => clearInterval(timer);
}

/** The time in milliseconds since 1970, renewed every half minute, for "away since 14:02" and "yesterday". */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
