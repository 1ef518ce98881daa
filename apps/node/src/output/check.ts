import { plainLine } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

/** One thing that `kith doctor` looked at. */
export interface Check {
  readonly name: string;
  /** `skipped`: it could not be looked at, because something before it failed. */
  readonly verdict: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was seen, with the evidence. */
  readonly detail: string;
  /** What to do, or the command that shows more. */
  readonly remedy?: string;
}

const MARKS = {
  ok: ['green', 'ok'],
  warning: ['yellow', '!'],
  failed: ['red', 'FAILED'],
  skipped: ['dim', '–'],
} as const;

export function showChecks(checks: readonly Check[], terminal: Terminal): void {
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, verdict, detail, remedy } of checks) {
    const [style, mark] = MARKS[verdict];
    terminal.line(`${terminal.style(style, mark.padEnd(6))}  ${name.padEnd(width)}  ${plainLine(detail)}`);
    if (remedy) terminal.line(`${' '.repeat(width + 10)}${terminal.style('bold', plainLine(remedy))}`);
  }
}
