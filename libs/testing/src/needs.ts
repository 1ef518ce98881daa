import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * For a test that needs something of the machine: `test(name, { skip: skipUnless(isRoot(), 'needs root') }, …)`.
 * Where CI=true a missing thing is a failure, not a skip: it throws, which fails the test file.
 */
export function skipUnless(condition: unknown, reason: string): string | false {
  if (condition) return false;
  if (process.env.CI === 'true') throw new Error(`${reason}: a skip is a failure where CI=true`);
  return reason;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** Whether a program of this name can be run (found in PATH). */
export function hasBinary(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    if (folder === '') return false;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
