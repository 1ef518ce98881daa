import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/*
 * Swaps the folder `in` of a shared folder for the link `link` and back, as fast as it can, until its parent lets go of
 * it, at most a million times. Started as a process of its own by swapped-folder.test.ts.
 */
const [root = ''] = process.argv.slice(2);
const rename = (from: string, to: string) => renameSync(join(root, from), join(root, to));
process.send?.('begun');
for (let round = 0; round < 1_000_000 && process.connected; round++) {
  rename('in', 'was');
  rename('link', 'in');
  rename('in', 'link');
  rename('was', 'in');
  if (round % 100 === 0) await setImmediate();
}
if (process.connected) process.disconnect();
