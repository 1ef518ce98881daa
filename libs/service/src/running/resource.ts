import type { Startable } from './lifecycle.ts';

/**
 * Something that is open already, as a part that `startInOrder` closes in its turn. `ready` asks it for something small,
 * and rejects while it is away.
 */
export function resource(
  name: string,
  { close }: { close(): Promise<void> },
  ready?: () => Promise<unknown>,
): Startable {
  return { name, start: async () => {}, stop: close, ...(ready ? { ready } : {}) };
}
