export interface WhenOptions {
  readonly now: number;
  readonly timeZone?: string;
}

const DAY_MS = 86_400_000;
/** No calendar goes further (ECMAScript, section 21.4.1.1); a peer may claim any moment. */
const LAST_MS = 8.64e15;
const isMoment = (at: number) => Math.abs(at) <= LAST_MS;

function parts(at: number, timeZone: string | undefined): { day: string; clock: string; date: string; year: string } {
  const zone = timeZone ? { timeZone } : {};
  const read = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...zone, ...options }).format(at);
  return {
    day: read({ year: 'numeric', month: '2-digit', day: '2-digit' }),
    clock: read({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    date: read({ day: 'numeric', month: 'short' }),
    year: read({ year: 'numeric' }),
  };
}

/** A moment as short as it stays clear: `14:02`, `yesterday 14:02`, `3 Nov 14:02`, `3 Nov 2024`. */
export function when(at: number, { now, timeZone }: WhenOptions): string {
  if (!isMoment(at)) return 'no date';
  const then = parts(at, timeZone);
  if (then.day === parts(now, timeZone).day) return then.clock;
  if (then.day === parts(now - DAY_MS, timeZone).day) return `yesterday ${then.clock}`;
  return then.year === parts(now, timeZone).year ? `${then.date} ${then.clock}` : `${then.date} ${then.year}`;
}

/** The day alone, for files: `today`, `yesterday`, `3 Nov`, `3 Nov 2024`. */
export function day(at: number, { now, timeZone }: WhenOptions): string {
  if (!isMoment(at)) return 'no date';
  const then = parts(at, timeZone);
  if (then.day === parts(now, timeZone).day) return 'today';
  if (then.day === parts(now - DAY_MS, timeZone).day) return 'yesterday';
  return then.year === parts(now, timeZone).year ? then.date : `${then.date} ${then.year}`;
}

/** `0.1 s`, `12 ms`. */
export function duration(ms: number): string {
  if (ms < 50) return `${Math.max(1, Math.round(ms))} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}
