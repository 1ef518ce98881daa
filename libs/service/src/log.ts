import { type Logger, pino } from 'pino';

/** The log that every part is given; JSON lines on standard error, so that standard output stays for answers. */
export type Log = Logger;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export function createLog(
  name: string,
  level: LogLevel = 'info',
  destination: { write(line: string): void } = pino.destination({ dest: 2, sync: true }),
): Log {
  return pino(
    { name, level, redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["kith-key"]'] },
    destination,
  );
}

export const silentLog: Log = pino({ level: 'silent' });
