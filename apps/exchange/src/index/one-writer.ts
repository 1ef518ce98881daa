import type { Lease, ReplicaRegistry } from '@kith/membership';
import type { Clock } from '@kith/service';

/** Runs a task while no other replica runs one: for what reads, decides and writes. */
export type OneWriter = <T>(task: () => Promise<T>) => Promise<T>;

export interface OneWriterOptions {
  /** Without one there are no other replicas. */
  readonly registry: ReplicaRegistry | undefined;
  readonly holder: string;
  readonly clock: Clock;
}

/** One that was killed in the middle holds the others up for so long, in ms. */
const TTL_MS = 2_000;
const RENEW_MS = 500;
/** A task that has waited so long goes on all the same, as it does where Redis is away: better than to fail, in ms. */
const PATIENCE_MS = 10_000;
/** After its turn a replica leaves the others as long to take theirs, in ms: longer than they pause between two looks. */
const COURTESY_MS = 25;
const LOOK_MS = { least: 5, most: 20 };

/** Tasks of this process are to come one after the other; should two overlap, they share the turn. */
export function createOneWriter({ registry, holder, clock }: OneWriterOptions): OneWriter {
  if (registry === undefined) return (task) => task();
  let turn: Promise<{ lease: Lease | undefined; ended: AbortController }> | undefined;
  let users = 0;
  let releasedAt = Number.NEGATIVE_INFINITY;

  async function take(leases: ReplicaRegistry) {
    const ended = new AbortController();
    const lease = await waitFor(leases);
    if (lease) void renew(leases, lease, ended.signal);
    return { lease, ended };
  }

  async function renew(leases: ReplicaRegistry, lease: Lease, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(RENEW_MS, signal).catch(() => {});
      if (!signal.aborted) await leases.renew(lease, TTL_MS).catch(() => false);
    }
  }

  async function waitFor(leases: ReplicaRegistry): Promise<Lease | undefined> {
    const rest = releasedAt + COURTESY_MS - clock.monotonic();
    if (rest > 0) await clock.sleep(rest);
    const until = clock.monotonic() + PATIENCE_MS;
    while (clock.monotonic() < until) {
      try {
        const lease = await leases.acquire({ name: 'ledger', holder, ttlMs: TTL_MS });
        if (lease) return lease;
      } catch {
        return undefined;
      }
      await clock.sleep(LOOK_MS.least + Math.random() * (LOOK_MS.most - LOOK_MS.least));
    }
    return undefined;
  }

  return async (task) => {
    users += 1;
    turn ??= take(registry);
    const mine = turn;
    try {
      await mine;
      return await task();
    } finally {
      users -= 1;
      if (users === 0) {
        turn = undefined;
        const { lease, ended } = await mine;
        ended.abort();
        releasedAt = clock.monotonic();
        if (lease) await registry.release(lease).catch(() => {});
      }
    }
  };
}
