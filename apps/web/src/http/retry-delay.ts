const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Milliseconds to wait before a stream is opened again: doubled after each failure, up to 15 s, and spread over half
 * of its length by `random` (0 to 1), so that the pages of a room do not all come back at once.
 */
export function retryDelay(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return full / 2 + (full / 2) * random;
}
