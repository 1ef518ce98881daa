import { z } from 'zod';
import { requireRecord } from '../store/records.ts';

/** A running replica of a service that several may run, such as the exchange. */
export interface Replica {
  readonly service: string;
  /** Unique among the replicas of a service; new at each start. */
  readonly id: string;
  /** Where the others reach it, such as `http://172.18.0.5:5810`: a claim, which whoever uses it has to check. */
  readonly address: string;
}

/** The right to be the only one who does something, until it runs out. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  /**
   * Grows with each acquisition. A holder that was paused and does not know yet that it lost the lease is kept out by
   * whoever compares: a write that carries a lower fence than one seen before is refused.
   */
  readonly fence: number;
}

/**
 * Which replicas of a service run, and which of them does what only one may do. The services of one node share it. For
 * every method: a registry that cannot be reached rejects with `store_away`; a name, id or address that cannot be kept
 * with `bad_record`. After `close` every method rejects with `store_away`, and `close` may be called twice.
 */
export interface ReplicaRegistry {
  /** Keeps a replica in the list for `ttlMs`; to be called again well before. A new address replaces the old one. */
  register(replica: Replica & { readonly ttlMs: number }): Promise<void>;
  /** The replicas whose time has not run out, in order of id. */
  list(service: string): Promise<Replica[]>;
  /** For a replica that ends; unknown ones do not matter. */
  remove(replica: Pick<Replica, 'service' | 'id'>): Promise<void>;

  /**
   * Takes the lease `name` for `ttlMs`, or returns undefined while another holder has it. A holder that has it already
   * gets it anew, with a higher fence: what it did under the old one is over.
   */
  acquire(lease: {
    readonly name: string;
    readonly holder: string;
    readonly ttlMs: number;
  }): Promise<Lease | undefined>;
  /** Extends a lease to `ttlMs` from now. False: it ran out, or is another's; the work under it must stop. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>;
  /** Gives a lease back; one that is lost already does not matter. */
  release(lease: Lease): Promise<void>;

  close(): Promise<void>;
}

const word = z.string().regex(/^[\w.:-]{1,100}$/, 'accepted: up to 100 letters, digits and . : _ -');
const ttl = z.number().int().min(1).max(86_400_000);
const registration = z.object({
  service: word,
  id: word,
  address: z.string().regex(/^[^\s\p{C}]{1,300}$/u, 'an address has up to 300 characters and no spaces'),
  ttlMs: ttl,
});
const acquisition = z.object({ name: word, holder: word, ttlMs: ttl });

export function requireRegistration(input: Replica & { readonly ttlMs: number }): z.infer<typeof registration> {
  return requireRecord(registration, input, 'replica');
}

export function requireAcquisition(input: z.input<typeof acquisition>): z.infer<typeof acquisition> {
  return requireRecord(acquisition, input, 'lease');
}
