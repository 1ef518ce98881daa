import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { MembershipEvent, PeerStore } from '@kith/membership';
import { AuditTrail, type AuditTrailOptions, type Clock, eventually } from '@kith/service';
import type { EventType, NodeId } from '@kith/wire';
import { refusalNote } from './audit-refusals.ts';

export interface SecurityAuditOptions extends AuditTrailOptions {
  readonly peers: PeerStore;
  readonly peerOf: (socket: Socket) => NodeId | undefined;
}

/** Decided by the owner, of a comparison that he has opened, or of this node's own: no stranger can make many of them. */
const DECIDED: ReadonlySet<EventType> = new Set([
  'peer-trusted',
  'peer-pending',
  'peer-blocked',
  'peer-forgotten',
  'peer-comparison',
  'comparisons-closed',
  'self-clone',
  'store-restored',
]);
/** Can be brought about by anybody, and so stands with those who were refused. */
const NOTICED: ReadonlySet<EventType> = new Set(['peer-clone', 'peer-same-name', 'peer-knock']);
/** Answers to a peer that pairs and does it wrongly, or too often. */
const PAIRING_FAILED = new Set([400, 403, 409, 429]);
const RETRY_MS = 1_000;

/** The gateway's part of the audit trail: who was not let in, and what was decided and noticed of trust. */
export class SecurityAudit {
  readonly #options: SecurityAuditOptions;
  readonly #clock: Clock;
  readonly #trail: AuditTrail;
  readonly #ending = new AbortController();
  #unfollow = () => {};

  constructor(options: SecurityAuditOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#trail = new AuditTrail(options);
  }

  /** A store that is away is followed when it is back. */
  start(): void {
    this.#trail.start();
    const follow = async () => {
      this.#unfollow = await this.#options.peers.followEvents((event) => this.#onEvent(event));
      if (this.#ending.signal.aborted) this.#unfollow();
    };
    const again = { intervalMs: RETRY_MS, clock: this.#clock, signal: this.#ending.signal };
    follow().catch(() => eventually(follow, again));
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#unfollow();
    await this.#trail.stop();
  }

  /** `error`: what it was refused with, or a word for it. */
  refused(request: IncomingMessage, error: unknown): void {
    const note = refusalNote(request, { error, peer: this.#options.peerOf(request.socket) });
    if (note) this.#trail.note(note);
  }

  /** Looks at how a request that pairs is answered. */
  watchPairing(request: IncomingMessage, response: ServerResponse): void {
    response.once('finish', () => {
      if (PAIRING_FAILED.has(response.statusCode)) this.refused(request, 'pairing_failed');
    });
  }

  #onEvent({ type, message, peer, address }: MembershipEvent): void {
    const isNoticed = NOTICED.has(type);
    if (!isNoticed && !DECIDED.has(type)) return;
    const who = { ...(peer === undefined ? {} : { peer }), ...(address === undefined ? {} : { address }) };
    this.#trail.note({ kind: isNoticed ? 'refused' : 'security', what: type, text: message, ...who });
  }
}
