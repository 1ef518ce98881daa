import type { Clock, Log } from '@kith/service';
import { type PairingCall, PairingRefusedError } from './pairing-call.ts';

/** In milliseconds. */
export interface ComparisonTimes {
  /** How long the node with the greater id waits for the other to begin, once both have the comparison open. */
  readonly secondWaits: number;
  readonly retry: number;
}
const TIMES: ComparisonTimes = { secondWaits: 5_000, retry: 1_000 };

export interface ConductOptions {
  /** Whether this side begins the exchange: the one with the smaller id. */
  readonly begins: boolean;
  /** Aborts when the comparison is over. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  readonly times: Partial<ComparisonTimes> | undefined;
  readonly call: <T>(use: (call: PairingCall) => Promise<T>) => Promise<T>;
  readonly whenOtherIsOpen: (then: () => void) => void;
  /** Whether no exchange has begun yet. */
  readonly isWaiting: () => boolean;
  readonly apply: (input: { type: 'begin' | 'refused' | 'break' } | { type: 'number'; number: string }) => unknown;
}

/** Tells the other side that the comparison is open here, and begins the exchange once it is open there. */
export async function conductComparison(options: ConductOptions): Promise<void> {
  const { begins, signal, clock, log, call, whenOtherIsOpen, isWaiting, apply } = options;
  const times = { ...TIMES, ...options.times };
  const both = Promise.withResolvers<void>();
  whenOtherIsOpen(both.resolve);
  signal.addEventListener('abort', () => both.resolve(), { once: true });

  async function knock(): Promise<void> {
    while (!signal.aborted) {
      try {
        if (await call((to) => to.knock())) both.resolve();
        return;
      } catch (error) {
        log.debug({ err: error }, 'the other side of a comparison cannot be told yet');
      }
      await clock.sleep(times.retry, signal);
    }
  }

  async function exchange(to: PairingCall): Promise<void> {
    if (!isWaiting()) return;
    apply({ type: 'begin' });
    try {
      apply({ type: 'number', number: await to.check() });
    } catch (error) {
      // A refusal of the commitment shows nothing of either number; everything later was one chance for somebody between.
      const isRefusal = error instanceof PairingRefusedError && error.status > 0;
      apply({ type: isRefusal ? 'refused' : 'break' });
    }
  }

  const knocked = knock().catch(() => {});
  await both.promise;
  if (!begins) await clock.sleep(times.secondWaits, signal).catch(() => {});
  while (!signal.aborted && isWaiting()) {
    await call(exchange).catch((error: unknown) => log.debug({ err: error }, 'the other side cannot be reached yet'));
    if (isWaiting()) await clock.sleep(times.retry, signal).catch(() => {});
  }
  await knocked;
}
