import type { Lease, ReplicaRegistry } from './replica-registry.ts';

/** Work that one replica at a time does, while it holds a lease. */
export interface Duty {
  /**
   * Whether this replica may do it right now; asked before each write. It says no some time before another replica can
   * take over, even in a process that was paused and has not noticed yet.
   */
  isHeld(): boolean;
  start(): void;
  /** Resolves when the work has ended and the lease is given back. */
  stop(): Promise<void>;
}

export interface DutyOptions {
  /** Without one there are no others: the duty is held from start to stop. */
  readonly registry?: ReplicaRegistry | undefined;
  /** Of the lease. */
  readonly name: string;
  /** The replica: unique, new at each start. */
  readonly holder: string;
  /** The work: ends soon after `signal` aborts. Should it end or reject before, it is begun again after a pause. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  /**
   * What happens while the registry cannot be reached: `stop` ends the work before another could begin with it; `go on`
   * is for work that two may do at once for a short time without harm.
   */
  readonly whileAway: 'stop' | 'go on';
  readonly clock: { monotonic(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** Told what `work` rejected with. */
  readonly onError: (error: unknown) => void;
  readonly onChange?: (isHeld: boolean) => void;
  readonly times?: Partial<DutyTimes>;
}

export interface DutyTimes {
  /** A lease lasts as long; whoever was killed is replaced after this and one `retryMs`. */
  readonly ttlMs: number;
  /** The lease counts as lost as long before it runs out: for what is under way to end, and for clocks that differ. */
  readonly marginMs: number;
  readonly renewMs: number;
  /** Pause between two attempts to get the lease, or to begin the work. */
  readonly retryMs: number;
}

const TIMES: DutyTimes = { ttlMs: 6_000, marginMs: 2_000, renewMs: 1_500, retryMs: 500 };

export function createDuty(options: DutyOptions): Duty {
  const { registry, name, holder, work, whileAway, clock, onError, onChange = () => {} } = options;
  const { ttlMs, marginMs, renewMs, retryMs } = { ...TIMES, ...options.times };
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let held: { until: number; signal: AbortSignal } | undefined;

  const rest = (ms: number, signal: AbortSignal) => clock.sleep(ms, signal).catch(() => {});
  const acquire = async (): Promise<{ lease: Lease; until: number } | undefined> => {
    const askedAt = clock.monotonic();
    const lease = await registry?.acquire({ name, holder, ttlMs });
    return lease && { lease, until: askedAt + ttlMs - marginMs };
  };

  async function run(): Promise<void> {
    if (registry === undefined) return doIt(stopping.signal, Number.POSITIVE_INFINITY);
    while (!stopping.signal.aborted) {
      const got = await acquire().catch(() => undefined);
      if (got) await hold(registry, got.lease, got.until);
      if (!stopping.signal.aborted) await rest(retryMs, stopping.signal);
    }
  }

  /** Works until the lease is lost or the duty stops. */
  async function hold(leases: ReplicaRegistry, first: Lease, until: number): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([stopping.signal, lost.signal]);
    const working = doIt(signal, until);
    let lease = first;
    while (!signal.aborted) {
      await rest(renewMs, signal);
      if (signal.aborted) break;
      const askedAt = clock.monotonic();
      try {
        if (await leases.renew(lease, ttlMs)) {
          if (held) held.until = askedAt + ttlMs - marginMs;
          continue;
        }
        // It ran out, because Redis was away or lost what it knew; perhaps nobody has taken it.
        const again = whileAway === 'go on' ? await acquire() : undefined;
        if (again) lease = again.lease;
        else lost.abort();
      } catch {
        if (whileAway === 'stop' && held && clock.monotonic() >= held.until) lost.abort();
      }
    }
    await working;
    await leases.release(lease).catch(() => {});
  }

  async function doIt(signal: AbortSignal, until: number): Promise<void> {
    held = { until, signal };
    onChange(true);
    while (!signal.aborted) {
      await work(signal).catch((error) => {
        if (!signal.aborted) onError(error);
      });
      if (!signal.aborted) await rest(retryMs, signal);
    }
    held = undefined;
    onChange(false);
  }

  return {
    isHeld: () =>
      held !== undefined && !held.signal.aborted && (whileAway === 'go on' || clock.monotonic() < held.until),
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** For work that consists of parts with lives of their own. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
