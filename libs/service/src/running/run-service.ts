import { type Clock, systemClock } from '../clock.ts';
import { codeOf } from '../errors.ts';
import { createLog, type Log, type LogLevel } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { readSettings, type Settings, type Values } from '../settings/settings.ts';
import { operationsPortSetting, sharedSettings } from '../settings/shared-settings.ts';
import { type Startable, startInOrder } from './lifecycle.ts';
import { allReady, createOperations, type Owner, operationsAddress } from './operations.ts';
import { runUntilSignal } from './run.ts';

export interface ServiceNeeds {
  log: Log;
  clock: Clock;
  /** Undefined where the operations listener is turned off: nothing need be counted. */
  metrics: Metrics | undefined;
}

export interface ServiceOptions<S extends Settings> {
  name: string;
  settings: S;
  env: Record<string, string | undefined>;
  /** Usual port of the operations listener; the address that the service is bound to, which it shares if it is loopback; whom it tells more than whether the service works. */
  operations: { port: number; bind: (values: Values<S>) => string; owner: (values: Values<S>) => Owner };
  /** Opens what the service needs and wires it: all parts in the order of their start. */
  open: (values: Values<S>, needs: ServiceNeeds) => Promise<Startable[]>;
}

/** Runs one service as a process of its own until a signal. Resolves with the exit code: 0, 1 failed, 2 wrong settings. */
export async function runService<S extends Settings>({
  name,
  settings,
  env,
  operations,
  open,
}: ServiceOptions<S>): Promise<number> {
  let level: LogLevel = 'info';
  let values: Values<S>;
  let port: number | undefined;
  try {
    level = readSettings({ level: sharedSettings.logLevel }, env).level;
    values = readSettings(settings, env);
    port = readSettings({ port: operationsPortSetting(operations.port) }, env).port;
  } catch (error) {
    if (codeOf(error) !== 'bad_configuration') throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
  const log = createLog(name, level);
  try {
    return await runUntilSignal({
      log,
      start: async () => {
        const metrics = port === undefined ? undefined : createMetrics();
        const parts = await open(values, { log, clock: systemClock, metrics });
        if (port !== undefined && metrics) {
          const address = operationsAddress(operations.bind(values));
          const ready = () => allReady(parts);
          // Last to start and first to stop: it says that the others run.
          const owner = operations.owner(values);
          parts.push(createOperations({ port, address, metrics, ready, owner, log }));
        }
        const running = await startInOrder(parts);
        log.info(`${name} is ready`);
        return running;
      },
    });
  } catch (error) {
    log.fatal({ err: error }, `${name} could not start`);
    return codeOf(error) === 'bad_configuration' ? 2 : 1;
  }
}
