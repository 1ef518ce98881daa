import type { Clock } from '@kith/service';

/** Undefined where `work` takes longer than `ms`; it goes on, and its failure is then nobody's. */
export async function within<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T | undefined> {
  const ended = new AbortController();
  const late = clock.sleep(ms, ended.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    ended.abort();
    work.catch(() => {});
  }
}
