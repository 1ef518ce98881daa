import { readdirSync, readFileSync } from 'node:fs';

/** What a process takes of the machine at one moment. */
export interface VitalSigns {
  /** Resident memory in MB (2^20 bytes). */
  readonly memory: number;
  readonly descriptors: number;
}

export function vitalSigns(pid: number): VitalSigns {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
  return { memory: Math.round(kilobytes / 1024), descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** Lines that no log of a sound process has: an error that nobody caught, a leak that Node warns of, the level "error". */
const UNSOUND =
  /unhandled|uncaught|^\(node:\d+\)|MaxListeners|TimeoutNegative|ERR_INTERNAL|"level":[56]0|TypeError|RangeError/im;

export function unsoundLines(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => UNSOUND.test(line))
    .map((line) => line.slice(0, 500))
    .slice(-5);
}

/**
 * Whether memory stayed flat: the highest of the last third is not far above the highest of the first. A process takes
 * some at first (compiled code, caches) and then no more.
 */
export function isFlat(values: readonly number[], slack: number): boolean {
  const third = Math.ceil(values.length / 3);
  return Math.max(...values.slice(-third)) <= Math.max(...values.slice(0, third)) + slack;
}
