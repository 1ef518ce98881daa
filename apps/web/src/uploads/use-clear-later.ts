import { useEffect } from 'react';

/** Long enough to be read. */
const SHOWN_MS = 6000;

/** Takes the list of uploads away by itself once all of them are there; one that failed stays until it is seen to. */
export function useClearLater(isDone: boolean, clear: () => void): void {
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(clear, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isDone, clear]);
}
