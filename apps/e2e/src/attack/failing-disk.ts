import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FILE_CALLS = ['open', 'read', 'write', 'sync', 'rename', 'unlink'] as const;

export interface DiskFault {
  readonly call: (typeof FILE_CALLS)[number];
  /** The first call that fails, from 1, and how many do. */
  readonly from: number;
  readonly count: number;
}

/** Compiles what makes file calls fail into `folder`; needs `cc`. */
export function compileFailingDisk(folder: string): string {
  const library = join(folder, 'failing-disk.so');
  const source = join(import.meta.dirname, 'failing-disk.c');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'pipe' });
  return library;
}

/** Settings of a process whose calls below `data` fail; each failure adds a byte to the file `told`. */
export function faultEnv(library: string, data: string, told: string, { call, from, count }: DiskFault) {
  return {
    LD_PRELOAD: library,
    FAILING_DISK_FOLDER: `${data}/`,
    FAILING_DISK_CALL: call,
    FAILING_DISK_FROM: String(from),
    FAILING_DISK_COUNT: String(count),
    FAILING_DISK_TOLD: told,
  };
}

/** How many calls failed. */
export function failuresIn(told: string): number {
  try {
    return readFileSync(told).length;
  } catch {
    return 0;
  }
}
