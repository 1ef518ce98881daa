import { StoreAwayError } from '../errors.ts';
import {
  type Lease,
  type Replica,
  type ReplicaRegistry,
  requireAcquisition,
  requireRegistration,
} from './replica-registry.ts';

/** What several registries of one process share. */
export interface MemoryReplicaState {
  readonly replicas: Map<string, Replica & { readonly until: number }>;
  readonly leases: Map<string, Lease & { readonly until: number }>;
  readonly fences: Map<string, number>;
}

export function createMemoryReplicaState(): MemoryReplicaState {
  return { replicas: new Map(), leases: new Map(), fences: new Map() };
}

/** For a node in one process, and for tests. `clock` is the Clock of @kith/service: milliseconds that only ever grow. */
export function createMemoryReplicaRegistry(options: {
  clock: { monotonic(): number };
  state?: MemoryReplicaState;
}): ReplicaRegistry {
  const { clock, state = createMemoryReplicaState() } = options;
  let isClosed = false;
  const open = () => {
    if (isClosed) throw new StoreAwayError('The registry of replicas is closed.');
  };
  const held = (lease: Lease) => {
    const current = state.leases.get(lease.name);
    const isMine = current?.holder === lease.holder && current.fence === lease.fence;
    return isMine && current.until > clock.monotonic() ? current : undefined;
  };

  return {
    async register(given) {
      open();
      const { ttlMs, ...replica } = requireRegistration(given);
      state.replicas.set(`${replica.service} ${replica.id}`, { ...replica, until: clock.monotonic() + ttlMs });
    },
    async list(service) {
      open();
      for (const [key, { until }] of state.replicas) if (until <= clock.monotonic()) state.replicas.delete(key);
      return [...state.replicas.values()]
        .filter((one) => one.service === service)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ until, ...replica }) => replica);
    },
    async remove({ service, id }) {
      open();
      state.replicas.delete(`${service} ${id}`);
    },
    async acquire(given) {
      open();
      const { name, holder, ttlMs } = requireAcquisition(given);
      const current = state.leases.get(name);
      if (current && current.holder !== holder && current.until > clock.monotonic()) return undefined;
      const fence = (state.fences.get(name) ?? 0) + 1;
      state.fences.set(name, fence);
      state.leases.set(name, { name, holder, fence, until: clock.monotonic() + ttlMs });
      return { name, holder, fence };
    },
    async renew(lease, ttlMs) {
      open();
      requireAcquisition({ ...lease, ttlMs });
      const current = held(lease);
      if (current) state.leases.set(lease.name, { ...current, until: clock.monotonic() + ttlMs });
      return current !== undefined;
    },
    async release(lease) {
      open();
      if (held(lease)) state.leases.delete(lease.name);
    },
    async close() {
      isClosed = true;
    },
  };
}
