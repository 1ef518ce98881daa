import type { DocumentIndex, FileCatalogue } from '@kith/documents';
import type { Recovery } from './database.ts';

/** Methods of both ports that the worker serves; `close` is the worker's end, and its health whether it answers. */
type Ported = Omit<DocumentIndex, 'close' | 'health'> & Omit<FileCatalogue, 'close'>;
export type CallName = keyof Ported;
export type CallArguments<N extends CallName> = Parameters<Ported[N]>;
export type CallResult<N extends CallName> = Awaited<ReturnType<Ported[N]>>;

/** What the main thread sends. */
export interface CallMessage<N extends CallName = CallName> {
  readonly id: number;
  readonly name: N;
  readonly parameters: CallArguments<N>;
}
export interface CloseMessage {
  readonly name: 'close';
}

/** What the worker is started with. `damage` says that the file is known to be broken, and why. */
export interface WorkerStart {
  readonly file: string;
  readonly damage?: string;
}

/** What the worker sends. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly recovery?: Recovery }
  | { readonly kind: 'unusable'; readonly code: string; readonly message: string }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly code: string | undefined; readonly message: string }
  | { readonly kind: 'damaged'; readonly reason: string };

export const WRITE_CALLS: ReadonlySet<CallName> = new Set<CallName>([
  'put',
  'remove',
  'putFiles',
  'removeFiles',
  'putFolder',
  'removeFolder',
]);
