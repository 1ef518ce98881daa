import { randomBytes } from 'node:crypto';
import { createDuty, type ReplicaRegistry, untilAborted } from '@kith/membership';
import { type Clock, ConfigError, type Log, type Startable } from '@kith/service';

export interface SoleReplicaOptions {
  readonly registry: ReplicaRegistry;
  readonly clock: Clock;
  readonly log: Log;
}

/** Longer than the lease of a replica that was killed runs on, in ms. */
const PATIENCE_MS = 8_000;

/**
 * For an exchange that keeps its documents in a file: several would each have documents of their own, or write one file
 * that is made for one process. `start` throws ConfigError where another one runs. Where Redis is away, nobody knows:
 * it starts, and says so in the log should another have begun meanwhile.
 */
export function createSoleReplica({ registry, clock, log }: SoleReplicaOptions): Startable {
  const taken = new AbortController();
  const duty = createDuty({
    ...{ registry, name: 'documents-file', holder: randomBytes(8).toString('hex'), clock },
    whileAway: 'go on',
    work: untilAborted,
    onError: (error) => log.warn({ err: error }, 'it is not known whether another exchange runs'),
    onChange(isHeld) {
      if (isHeld) taken.abort();
      else if (!stopping) log.error({}, PROBLEM);
    },
  });
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await duty.stop();
  };
  const isAway = () =>
    registry.list('exchange').then(
      () => false,
      () => true,
    );

  return {
    name: 'sole replica',
    async start() {
      duty.start();
      await clock.sleep(PATIENCE_MS, taken.signal).catch(() => {});
      if (duty.isHeld() || (await isAway())) return;
      await stop();
      throw new ConfigError([PROBLEM]);
    },
    stop,
  };
}

const PROBLEM =
  'another exchange of this node runs, and documents lie in a file (documents.sqlite): several exchanges need KITH_ELASTICSEARCH_URL; without it run one only';
