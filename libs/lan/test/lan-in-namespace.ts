import { join } from 'node:path';
import type { LanHost } from '@kith/testing';
import type { Neighbour, SweepResult } from '../src/index.ts';

export interface Swept {
  result: SweepResult;
  seen: (Neighbour & { ms: number })[];
}

/** Runs `lan-program.ts` on a host of a made-up LAN and gives what it printed. */
export async function program<T>(host: LanHost, ...args: string[]): Promise<T> {
  const output = await host.exec(process.execPath, [join(import.meta.dirname, 'lan-program.ts'), ...args]);
  return JSON.parse(output);
}
