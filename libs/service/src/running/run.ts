import type { Log } from '../log.ts';
import type { Running } from './lifecycle.ts';

export interface RunOptions {
  /** Starts everything; what it rejects with is thrown by `runUntilSignal`. */
  start: () => Promise<Running>;
  log: Log;
  /** How long the stop may take before the process is ended all the same, in milliseconds. Default: 8000. */
  stopMs?: number;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A Ctrl-C reaches every process of the terminal, and npm passes its own on: copies come within milliseconds. */
const SAME_SIGNAL_MS = 500;

/**
 * Starts, waits for a signal (or for the end of the parent that holds a channel to this process), stops, and resolves with
 * the exit code. A second signal, an error that nobody caught, or a stop that takes too long ends the process at once.
 */
export async function runUntilSignal({ start, log, stopMs = 8000 }: RunOptions): Promise<number> {
  const asked = Promise.withResolvers<void>();
  let askedAt: number | undefined;
  const onSignal = (signal: string) => {
    if (askedAt !== undefined && performance.now() - askedAt > SAME_SIGNAL_MS) process.exit(exitCodeOf(signal));
    if (askedAt !== undefined) return;
    askedAt = performance.now();
    log.info({ signal }, 'stopping');
    asked.resolve();
  };
  const onDisconnect = () => onSignal('SIGTERM');
  const onFault = (error: unknown) => {
    log.fatal({ err: error }, 'an error that nobody caught: the process ends');
    process.exit(1);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  if (process.connected) process.once('disconnect', onDisconnect).channel?.unref();
  // The clock's sleeps keep no process alive: one that waits for a server before it listens would just end.
  const alive = setInterval(() => {}, 60_000);
  try {
    const running = await Promise.race([start(), asked.promise.then(() => undefined)]);
    if (!running) return 0;
    await asked.promise;
    const timer = setTimeout(() => {
      log.error(`not stopped after ${stopMs} ms: the process ends`);
      process.exit(1);
    }, stopMs);
    await running.stop();
    clearTimeout(timer);
    return 0;
  } finally {
    clearInterval(alive);
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off('uncaughtException', onFault);
    process.off('unhandledRejection', onFault);
    process.off('disconnect', onDisconnect);
  }
}

const exitCodeOf = (signal: string) => ({ SIGINT: 130, SIGTERM: 143 })[signal] ?? 129;
