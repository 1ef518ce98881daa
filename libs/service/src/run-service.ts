import { type Clock, systemClock } from './clock.ts';
import { codeOf } from './errors.ts';
import { type Startable, startInOrder } from './lifecycle.ts';
import { createLog, type Log, type LogLevel } from './log.ts';
import { runUntilSignal } from './run.ts';
import { readSettings, type Settings, type Values } from './settings.ts';
import { sharedSettings } from './shared-settings.ts';

export interface ServiceOptions<S extends Settings> {
  name: string;
  settings: S;
  env: Record<string, string | undefined>;
  /** Opens what the service needs and wires it: all parts in the order of their start. */
  open: (values: Values<S>, needs: { log: Log; clock: Clock }) => Promise<Startable[]>;
}

/** Runs one service as a process of its own until a signal. Resolves with the exit code: 0, 1 failed, 2 wrong settings. */
export async function runService<S extends Settings>({
  name,
  settings,
  env,
  open,
}: ServiceOptions<S>): Promise<number> {
  let level: LogLevel = 'info';
  let values: Values<S>;
  try {
    level = readSettings({ level: sharedSettings.logLevel }, env).level;
    values = readSettings(settings, env);
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
        const running = await startInOrder(await open(values, { log, clock: systemClock }));
        log.info(`${name} is ready`);
        return running;
      },
    });
  } catch (error) {
    log.fatal({ err: error }, `${name} could not start`);
    return codeOf(error) === 'bad_configuration' ? 2 : 1;
  }
}
