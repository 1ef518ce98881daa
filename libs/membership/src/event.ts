import type { NodeId } from '@kith/wire';

export const EVENT_TYPES = [
  'peer-found',
  'peer-alive',
  'peer-suspect',
  'peer-dead',
  'peer-left',
  'peer-restarted',
  'peer-moved',
  'peer-renamed',
  'peer-same-name',
  'peer-clone',
  'peer-trusted',
  'peer-pending',
  'peer-blocked',
  'peer-forgotten',
  'peer-check',
  'peer-documents',
  'self-clone',
  'device-found',
  'device-lost',
  'device-changed',
  'sweep',
  'network-changed',
  'documents-changed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface NewEvent {
  readonly type: EventType;
  /** One sentence for people. */
  readonly message: string;
  readonly peer?: NodeId;
  readonly address?: string;
  /** More for programs: small, flat. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
}

export interface MembershipEvent extends NewEvent {
  /** Position in the log: opaque, grows in order of append; what `after` takes. */
  readonly cursor: string;
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
}
