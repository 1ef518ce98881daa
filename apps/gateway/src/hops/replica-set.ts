import type { Replica, ReplicaRegistry } from '@kith/membership';
import { type Clock, every, type Log } from '@kith/service';
import { type Candidate, chooseReplica } from './replica-choice.ts';
import { openReplicaConnections, type ReplicaConnections } from './replica-connections.ts';
import { replicaOriginSchema } from './replica-origin.ts';

/** The replicas of the exchange as this gateway knows them. */
export interface ReplicaSet {
  /** Resolves after the first look at the registry; it is looked at again every second until `stop`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Takes the best one that was not tried; the caller says when the request is over. */
  choose(tried: ReadonlySet<KnownReplica>): KnownReplica | undefined;
  over(replica: KnownReplica): void;
  /** Waits until one is there that is well; false where none came within `waitMs` of the set. */
  waitForOne(): Promise<boolean>;
  /** It refused, or broke off: others are chosen from now on, until it answers. */
  failed(replica: KnownReplica, error: Error): void;
}

export interface KnownReplica extends Candidate {
  readonly id: string;
  readonly origin: string;
  readonly connections: ReplicaConnections;
}
type Kept = { -readonly [K in keyof KnownReplica]: KnownReplica[K] } & { goneAt: number; isProbed: boolean };

export interface ReplicaSetOptions {
  readonly registry: Pick<ReplicaRegistry, 'list'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Until the head of an answer. */
  readonly timeoutMs: number;
  /** How long a request waits where no replica is well. Default 3000, in which one that is restarted is back. */
  readonly waitMs?: number | undefined;
}

const SERVICE = 'exchange';
const REFRESH_MS = 800;
/** A replica that says goodbye has ended by then (`stopMs` of runUntilSignal is 8 s). */
const GONE_MS = 10_000;
/** Pause between two looks at the registry while a request waits. */
const LOOK_MS = 100;
/** Requests that may wait at once; the others are refused at once, for waiting costs memory. */
const MAX_WAITING = 256;
/** More than anybody runs; a registry that lists more is broken. */
const MAX_REPLICAS = 64;

export function createReplicaSet(options: ReplicaSetOptions): ReplicaSet {
  const { registry, clock, log, timeoutMs, waitMs = 3_000 } = options;
  const known = new Map<string, Kept>();
  const ending = new AbortController();
  const { signal } = ending;
  let refreshing: Promise<void> | undefined;
  let looping: Promise<void> | undefined;
  let choices = 0;
  let waiting = 0;
  let isAway = false;

  /** One look at a time; whoever asks meanwhile gets that one. */
  const refresh = () => {
    refreshing ??= look().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  async function look(): Promise<void> {
    try {
      takeOver((await registry.list(SERVICE)).slice(0, MAX_REPLICAS));
      if (isAway) log.info({}, 'the registry of replicas answers again');
      isAway = false;
    } catch (error) {
      // Those who were there are there still, as far as anybody knows.
      if (!isAway) log.warn({ err: error }, 'the registry of replicas is away');
      isAway = true;
    }
    for (const one of known.values()) if (one.isDown || !one.isListed) void probe(one);
  }

  function takeOver(listed: readonly Replica[]): void {
    const seen = new Set<string>();
    for (const { id, address } of listed) {
      const origin = replicaOriginSchema.safeParse(address);
      if (!origin.success) {
        log.warn({ id, address: address.slice(0, 100) }, 'a replica with an impossible address is left out');
        continue;
      }
      const before = known.get(id);
      if (before && before.origin !== origin.data) drop(before);
      const one = known.get(id) ?? add(id, origin.data);
      one.isListed = true;
      seen.add(id);
    }
    for (const one of known.values()) {
      if (seen.has(one.id)) continue;
      if (one.isListed) one.goneAt = clock.monotonic();
      one.isListed = false;
      if (clock.monotonic() - one.goneAt > GONE_MS) drop(one);
    }
  }

  function add(id: string, origin: string): Kept {
    const connections = openReplicaConnections(origin, { timeoutMs });
    const state = { isListed: true, isDown: false, isProbed: false, underWay: 0, chosenAt: 0, goneAt: 0 };
    const one: Kept = { id, origin, connections, ...state };
    known.set(id, one);
    log.info({ replica: id, origin }, 'a replica of the exchange is there');
    return one;
  }

  function drop(one: Kept): void {
    known.delete(one.id);
    one.connections.destroy();
    log.info({ replica: one.id, origin: one.origin }, 'a replica of the exchange is gone');
  }

  async function probe(one: Kept): Promise<void> {
    if (one.isProbed || signal.aborted) return;
    one.isProbed = true;
    const answer = await one.connections.probe();
    one.isProbed = false;
    if (known.get(one.id) !== one) return;
    if (answer === 'ok' && one.isDown) {
      one.isDown = false;
      log.info({ replica: one.id }, 'a replica of the exchange answers again');
    }
    // Off the list, and it takes connections without answering: it hangs, and so would what waits for it.
    if (answer === 'silent' && !one.isListed) drop(one);
  }

  async function waitForOne(): Promise<boolean> {
    const until = clock.monotonic() + waitMs;
    while (clock.monotonic() < until && !signal.aborted) {
      await refresh();
      for (const one of known.values()) if (one.isListed && !one.isDown) return true;
      await clock.sleep(LOOK_MS, signal).catch(() => {});
    }
    return false;
  }

  return {
    async waitForOne() {
      if (waiting >= MAX_WAITING) return false;
      waiting += 1;
      return waitForOne().finally(() => {
        waiting -= 1;
      });
    },
    async start() {
      await refresh();
      looping = every(refresh, { intervalMs: REFRESH_MS, clock, signal, onError: () => {} });
    },
    async stop() {
      ending.abort();
      await looping;
      for (const one of known.values()) one.connections.destroy();
      known.clear();
    },
    choose(tried) {
      const one = chooseReplica(known.values(), tried as ReadonlySet<Kept>);
      if (one === undefined) return undefined;
      choices += 1;
      one.chosenAt = choices;
      one.underWay += 1;
      return one;
    },
    over(replica) {
      (replica as Kept).underWay -= 1;
    },
    failed(replica, error) {
      const one = replica as Kept;
      if (known.get(one.id) !== one) return;
      if (!one.isDown) log.warn({ replica: one.id, err: error }, 'a replica of the exchange failed');
      one.isDown = true;
      void refresh();
    },
  };
}
