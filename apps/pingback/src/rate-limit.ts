export interface RateLimitOptions {
  /** Tokens a second for one key, and how many it may save up. */
  perSecond: number;
  burst: number;
  /** Keys that are remembered; the one that was quiet for longest is forgotten first. */
  maxKeys: number;
  /** Milliseconds that only grow. */
  monotonic: () => number;
}

/** A token bucket for each key, in a table that never grows beyond `maxKeys`. Returns whether this one may pass. */
export function createRateLimit({ perSecond, burst, maxKeys, monotonic }: RateLimitOptions): (key: string) => boolean {
  // A Map keeps the order in which keys were set: the first is the one that was quiet for longest.
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (key) => {
    const now = monotonic();
    const last = buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, last.tokens + ((now - last.at) / 1000) * perSecond);
    const passes = tokens >= 1;
    buckets.delete(key);
    buckets.set(key, { tokens: passes ? tokens - 1 : tokens, at: now });
    if (buckets.size > maxKeys) {
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest);
        break;
      }
    }
    return passes;
  };
}
