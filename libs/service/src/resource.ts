import type { Startable } from './lifecycle.ts';

/** Something that is open already, as a part that `startInOrder` closes in its turn. */
export function resource(name: string, { close }: { close(): Promise<void> }): Startable {
  return { name, start: async () => {}, stop: close };
}
