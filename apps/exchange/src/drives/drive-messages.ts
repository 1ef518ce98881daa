import type { DriveCalls, Place } from './drive-calls.ts';

/** What a share's folder is asked; `watch` resolves once every later change of the folder gives a hint. */
export interface Calls extends DriveCalls {
  readonly watch: (place: Place & { readonly watch: number }) => Promise<void>;
}
export type CallName = keyof Calls;
export type Given<K extends CallName> = Parameters<Calls[K]>[0];
export type Answer<K extends CallName> = Awaited<ReturnType<Calls[K]>>;

/** To the process that holds the drives. */
export type ToDrives =
  | { readonly kind: 'call'; readonly id: number; readonly call: CallName; readonly given: unknown }
  /** Ends the watches of a folder and all within. */
  | { readonly kind: 'unwatch'; readonly watch: number; readonly path: string }
  | { readonly kind: 'ping' };

/** From it. */
export type FromDrives =
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly kind: 'hints'; readonly watch: number; readonly paths: readonly string[] }
  /** The system has no more watches to give. */
  | { readonly kind: 'limit'; readonly watch: number }
  | { readonly kind: 'pong' };
