import type { Clock } from '@kith/service';
import type { NetworkChange } from '../lan.ts';
import type { System } from './system.ts';

const POLL_MS = 2000;
/** A pause longer than asked for by this much was a sleep of the machine, not a busy processor. */
const JUMP_MS = 10_000;

/**
 * Compares the interfaces' addresses every 2 s: no system call tells of changes alike on every system, and reading them
 * costs microseconds. Wall time that runs ahead of the pause means that the machine slept.
 */
export function watchChanges(
  { system, clock, signal }: { system: System; clock: Clock; signal: AbortSignal },
  listener: (change: NetworkChange) => void,
): void {
  const loop = async () => {
    let before = snapshot(system);
    while (!signal.aborted) {
      const wall = clock.now();
      const elapsed = clock.monotonic();
      await clock.sleep(POLL_MS, signal);
      const passed = Math.max(clock.now() - wall, clock.monotonic() - elapsed);
      const after = snapshot(system);
      const interfaces = changed(before, after);
      before = after;
      if (passed > POLL_MS + JUMP_MS) listener({ type: 'wake', sleptMs: Math.round(passed - POLL_MS) });
      if (interfaces.length > 0) listener({ type: 'addresses', interfaces });
    }
  };
  loop().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

function snapshot(system: System): Map<string, string> {
  return new Map(
    Object.entries(system.networkInterfaces()).map(([name, infos = []]) => [
      name,
      infos
        .map(({ cidr, address, mac }) => `${cidr ?? address} ${mac}`)
        .sort()
        .join(),
    ]),
  );
}

function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .sort();
}
