import type { ConnectionLog } from '../src/index.ts';

export const quietLog: ConnectionLog = { info: () => {}, warn: () => {} };

/** A log that keeps its lines. */
export function createLineLog(): ConnectionLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const add = (_fields: object, message: string) => void lines.push(message);
  return { lines, info: add, warn: add };
}
