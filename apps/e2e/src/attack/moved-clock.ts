import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The wall clock of a process, which a test sets. */
export interface MovedClock {
  readonly env: Record<string, string>;
  /** Days from now, or to the past. */
  move(days: number): void;
}

/** Compiles the clock into `folder`; needs `cc`. */
export function createMovedClock(folder: string): MovedClock {
  const [library, file] = [join(folder, 'moved-clock.so'), join(folder, 'clock')];
  const source = join(import.meta.dirname, 'moved-clock.c');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'pipe' });
  const move = (days: number) => {
    const seconds = Buffer.alloc(8);
    seconds.writeBigInt64LE(BigInt(Math.round(days * 86_400)));
    // In place: the process has it mapped.
    writeFileSync(file, seconds, { flag: 'r+' });
  };
  writeFileSync(file, Buffer.alloc(8));
  return { env: { LD_PRELOAD: library, MOVED_CLOCK: file }, move };
}
