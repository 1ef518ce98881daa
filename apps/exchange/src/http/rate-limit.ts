/** Whether this key may go on now; counts it if so. */
export type RateLimit = (key: string) => boolean;

/** A token bucket a key: `perSecond` on the long run, `burst` at once. Keys that were full long ago are forgotten. */
export function createRateLimit(options: { perSecond: number; burst: number; monotonic: () => number }): RateLimit {
  const { perSecond, burst, monotonic } = options;
  const buckets = new Map<string, { left: number; at: number }>();
  const MAX_KEYS = 4096;
  return (key) => {
    const at = monotonic();
    const known = buckets.get(key) ?? { left: burst, at };
    const left = Math.min(burst, known.left + ((at - known.at) / 1000) * perSecond);
    const allowed = left >= 1;
    // Deleted first, so that the map stays in order of last use.
    buckets.delete(key);
    buckets.set(key, { left: allowed ? left - 1 : left, at });
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_KEYS && oldest !== undefined) buckets.delete(oldest);
    return allowed;
  };
}
