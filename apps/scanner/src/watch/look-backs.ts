import type { Candidate } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import { LOOK_PAUSE_MS, LOOK_QUEUE } from '../config.ts';
import { judgePlace, placeKey, type Target } from '../probe/candidates.ts';

export interface LookBackOptions {
  /** Probes and records one place; rejects if the store is away. Never asks the other to look. */
  look: (target: Target) => Promise<unknown>;
  own: () => Parameters<typeof judgePlace>[1];
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/**
 * Looks back at whoever asked: at once, and for each kind of request at one place at most once a second. A second request within that second is
 * not dropped but done at its end, for it may be the one that tells of a farewell.
 */
export function createLookBacks({ look, own, clock, log, signal }: LookBackOptions): (candidate: Candidate) => void {
  /** Places that were looked at within the last second, or wait for its end (`again`). */
  const recent = new Map<string, { again: boolean }>();
  let dropped = 0;

  const lookAndRest = async (target: Target, key: string, entry: { again: boolean }): Promise<void> => {
    do {
      entry.again = false;
      const until = clock.monotonic() + LOOK_PAUSE_MS;
      await look(target).catch((error) => log.debug({ err: error, address: target.address }, 'a look back is lost'));
      await clock.sleep(until - clock.monotonic(), signal).catch(() => {});
    } while (entry.again && !signal.aborted);
    recent.delete(key);
  };

  return ({ address, pingbackPort, source }) => {
    if (signal.aborted) return;
    const target: Target = { address, pingbackPort, source };
    const verdict = judgePlace(target, own());
    if (verdict === 'refused') log.info({ address, source }, 'not a private address: it is not called');
    if (verdict !== 'ok') return;
    // Counted apart: a request to look may tell of a farewell, which waits for a second at most.
    const key = `${source} ${placeKey(target)}`;
    const entry = recent.get(key);
    if (entry) {
      entry.again = true;
      return;
    }
    if (recent.size >= LOOK_QUEUE) {
      dropped += 1;
      if (dropped % 100 === 1) log.warn({ dropped }, 'too many addresses ask at once: some are left to the sweep');
      return;
    }
    const fresh = { again: false };
    recent.set(key, fresh);
    void lookAndRest(target, key, fresh);
  };
}
