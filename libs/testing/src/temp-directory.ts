import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The part of `TestContext` that is used here: something that runs a function when the test is over. */
export interface Ending {
  after(fn: () => void | Promise<void>): void;
}

/** A new empty directory, removed with all that is in it when the test is over. */
export function tempDirectory(t: Ending): string {
  const directory = mkdtempSync(join(tmpdir(), 'kith-test-'));
  t.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}
