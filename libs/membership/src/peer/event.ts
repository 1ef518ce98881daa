import type { EventType, NodeId } from '@kith/wire';

export { EVENT_TYPES, type EventType } from '@kith/wire';

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
  /** Position in the log: grows in order of append (see `isLaterCursor`); what `after` takes. */
  readonly cursor: string;
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
}
