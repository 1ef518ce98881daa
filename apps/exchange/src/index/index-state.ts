import type { DocumentIndex } from '@kith/documents';
import type { Clock } from '@kith/service';
import type { IndexHealth } from '@kith/wire';
import { within } from '../within.ts';

/** How long the owner waits for it at most: enough for two nodes of a cluster, of which the first is silent. */
const WITHIN_MS = 4_500;
/** A page that asks again and again costs the engine one question in this time. */
const FRESH_MS = 2_000;

/**
 * The health of the index, for whoever asks often: never older than FRESH_MS, never later than WITHIN_MS, and with one
 * question to the engine at a time, however long that takes.
 */
export function createIndexState({ index, clock }: { index: DocumentIndex; clock: Clock }) {
  let known: { health: IndexHealth; at: number } | undefined;
  let asking: Promise<IndexHealth> | undefined;

  function ask(): Promise<IndexHealth> {
    asking ??= index.health().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  return async (): Promise<IndexHealth> => {
    if (known && clock.monotonic() - known.at < FRESH_MS) return known.health;
    const engine = known?.health.engine;
    const health = (await within(ask(), WITHIN_MS, clock)) ?? silent(engine);
    known = { health, at: clock.monotonic() };
    return health;
  };
}

const silent = (engine: IndexHealth['engine'] = 'elasticsearch'): IndexHealth => ({
  engine,
  findings: [{ code: 'index_away', message: `The index gives no answer within ${WITHIN_MS / 1000} s.` }],
});
