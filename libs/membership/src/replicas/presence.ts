import type { Replica, ReplicaRegistry } from './replica-registry.ts';

/** Keeps a replica in the registry while it serves. */
export interface Presence {
  /** Resolves after the first attempt; a registry that is away is tried again. */
  start(): Promise<void>;
  /** Takes it off the list. Resolves with whether the registry could be reached, so that others know. */
  leave(): Promise<boolean>;
}

export interface PresenceOptions {
  readonly registry: ReplicaRegistry;
  readonly replica: Replica;
  readonly clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** A replica that was killed, or hangs, is off the list after this time. */
  readonly ttlMs?: number;
  readonly renewMs?: number;
}

export function createPresence(options: PresenceOptions): Presence {
  const { registry, replica, clock, ttlMs = 5_000, renewMs = 1_000 } = options;
  const leaving = new AbortController();
  const { signal } = leaving;
  let renewing: Promise<void> | undefined;

  const register = () => registry.register({ ...replica, ttlMs }).catch(() => {});
  const renew = async () => {
    while (!signal.aborted) {
      await clock.sleep(renewMs, signal).catch(() => {});
      if (!signal.aborted) await register();
    }
  };
  return {
    async start() {
      await register();
      renewing ??= renew();
    },
    async leave() {
      leaving.abort();
      // What is under way must not put it back on the list afterwards.
      await renewing;
      return registry.remove(replica).then(
        () => true,
        () => false,
      );
    },
  };
}
