import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { checkCommitment, checkNumber } from '@kith/identity';
import {
  answered,
  COMPARISON_MS,
  COMPARISON_STEP_MS,
  type ComparisonInput,
  type ComparisonRefusal,
  compare,
  knock,
  NO_COMPARISONS,
  NO_KNOCKS,
  type Peer,
  type PeerStore,
  pairingState,
  shownKnock,
} from '@kith/membership';
import { type Clock, type Log, ServiceError } from '@kith/service';
import type { ComparisonView, NodeId, PairingState } from '@kith/wire';
import type { KnownPeers } from '../known-peers.ts';
import { comparisonEvents, knockEvent, refusalError } from './comparison-news.ts';
import { comparisonView, type WhoIs } from './comparison-view.ts';
import { type ComparisonTimes, conductComparison } from './conduct-comparison.ts';
import type { OwnerDecisions } from './owner-decisions.ts';
import { createPairingCall, type PairingCall } from './pairing-call.ts';

export interface ComparisonDeskOptions {
  readonly self: NodeId;
  readonly known: KnownPeers;
  readonly peers: Pick<PeerStore, 'addEvents'>;
  readonly decisions: OwnerDecisions;
  readonly connect: (id: NodeId, signal: AbortSignal) => Promise<TLSSocket>;
  readonly clock: Clock;
  readonly log: Log;
  readonly times?: Partial<ComparisonTimes>;
}

/** What belongs to the one comparison that is open. */
interface Session {
  readonly peer: NodeId;
  /** Aborts when it is over. */
  readonly over: AbortController;
  /** To be called when it is known that the other owner has it open, too. */
  otherIsOpen: () => void;
  /** What this side has answered to the other's commitment. */
  answer?: { readonly nonce: string; readonly commitment: string; readonly socket: Socket };
}

/**
 * The comparison of numbers with other owners, of which one at most is open on this node. The rules are those of
 * @kith/membership; here are the messages, the time and the owner. What is open lives in this process alone: another
 * gateway of the same node knows nothing of it and refuses, which counts as nothing.
 */
export class ComparisonDesk {
  readonly #options: ComparisonDeskOptions;
  #state = NO_COMPARISONS;
  #knocks = NO_KNOCKS;
  #session: Session | undefined;
  readonly #stopping = new AbortController();
  readonly #working = new Set<Promise<unknown>>();

  constructor(options: ComparisonDeskOptions) {
    this.#options = options;
  }

  /** The owner opens the comparison with a peer; opening it again while it is open changes nothing. */
  open(peer: Peer): void {
    if (peer.trust === 'blocked') throw new ServiceError('peer_blocked', `${peer.name} is blocked: undo that first.`);
    this.#refuse(this.#apply({ type: 'open', peer: peer.id }));
    this.#knocks = answered(this.#knocks, peer.id);
    if (this.#session?.peer === peer.id) return;
    const session: Session = { peer: peer.id, over: new AbortController(), otherIsOpen: () => {} };
    this.#session = session;
    const { signal } = session.over;
    const { self, clock, log, times } = this.#options;
    this.#work(clock.sleep(COMPARISON_MS, signal).then(() => this.#apply({ type: 'time' })));
    this.#work(
      conductComparison({
        begins: self < peer.id,
        signal,
        clock,
        log,
        times,
        call: (use) => this.#call(peer.id, signal, use),
        whenOtherIsOpen: (then) => {
          session.otherIsOpen = then;
        },
        isWaiting: () => this.#state.open?.step === 'waiting' && this.#session === session,
        apply: (input) => this.#apply({ ...input, peer: peer.id }),
      }),
    );
  }

  /** The owner gives it up. */
  cancel(id: NodeId): void {
    this.#knocks = answered(this.#knocks, id);
    if (this.#state.open?.peer === id) this.#apply({ type: 'cancel' });
  }

  /** The owner says that both numbers are the same, with the one that the other shows: the peer is trusted. */
  async saySame(id: NodeId, number: string): Promise<void> {
    this.#refuse(compare(this.#openWith(id), { type: 'same', number }, this.#now()).refusal);
    await this.#options.decisions.setTrust(id, 'trusted');
    this.#apply({ type: 'same', number });
    this.#tell(id, true);
  }

  /** The owner says that the numbers differ: somebody stands between the two, and the peer is blocked. */
  async sayDifferent(id: NodeId): Promise<void> {
    this.#refuse(compare(this.#openWith(id), { type: 'different' }, this.#now()).refusal);
    this.#apply({ type: 'different' });
    this.#tell(id, false);
    await this.#options.decisions.setTrust(id, 'blocked');
  }

  /** A peer's owner has opened the comparison with this node; whether the owner here has, too. */
  async knocked(id: NodeId): Promise<boolean> {
    if (this.#state.open?.peer === id) {
      this.#session?.otherIsOpen();
      return true;
    }
    if (this.#now() < (this.#state.closedUntil ?? 0)) return false;
    const { knocks, isNews } = knock(this.#knocks, id, this.#now());
    this.#knocks = knocks;
    const peer = this.#options.known.get(id);
    if (isNews && peer) await this.#addEvents([knockEvent(peer)]);
    return false;
  }

  /** A peer begins the exchange; returns this side's nonce. */
  committed(id: NodeId, commitment: string, socket: Socket): string {
    const session = this.#session;
    const open = this.#state.open;
    if (!session || open?.peer !== id) throw notOpen();
    if (open.step !== 'waiting') {
      // The second commitment of one exchange; where this side has begun, theirs only came too late.
      if (session.answer) this.#apply({ type: 'break', peer: id });
      throw notOpen();
    }
    this.#apply({ type: 'begin', peer: id });
    const answer = { nonce: randomBytes(32).toString('base64url'), commitment, socket };
    session.answer = answer;
    const breakOff = () => {
      if (session.answer === answer && this.#state.open?.step === 'exchanging')
        this.#apply({ type: 'break', peer: id });
    };
    socket.once('close', breakOff);
    this.#work(this.#options.clock.sleep(COMPARISON_STEP_MS, session.over.signal).then(breakOff));
    return answer.nonce;
  }

  /** The peer shows the nonce that it had committed to: now both have the number. */
  revealed(id: NodeId, nonce: string, socket: Socket): void {
    const session = this.#session;
    const answer = session?.answer;
    if (!session || session.peer !== id || !answer || this.#state.open?.step !== 'exchanging') throw notOpen();
    if (answer.socket !== socket || checkCommitment({ id, nonce }) !== answer.commitment) {
      this.#apply({ type: 'break', peer: id });
      throw new ServiceError('bad_request', 'This nonce is not the one that was committed to.');
    }
    const number = checkNumber({ id, nonce }, { id: this.#options.self, nonce: answer.nonce });
    this.#apply({ type: 'number', peer: id, number });
  }

  /** What the peer's owner says of the numbers. */
  otherSaid(id: NodeId, same: boolean): void {
    this.#apply({ type: 'other-said', peer: id, same });
  }

  /** For the owner: what is open, who knocks, how the one before ended. */
  view(whoIs: WhoIs): ComparisonView {
    this.#apply({ type: 'time' });
    return comparisonView(this.#state, shownKnock(this.#knocks, this.#now()), { whoIs, nowMs: this.#now() });
  }

  stateOf(peer: Peer): PairingState {
    return pairingState(peer, { open: this.#state.open, shown: shownKnock(this.#knocks, this.#now()) });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#session?.over.abort();
    this.#session = undefined;
    await Promise.all(this.#working);
  }

  #apply(input: ComparisonInput): ComparisonRefusal | undefined {
    const { state, refusal, failed } = compare(this.#state, input, this.#now());
    this.#state = state;
    if (this.#session && state.open?.peer !== this.#session.peer) {
      this.#session.over.abort();
      this.#session = undefined;
    }
    const peer = failed && this.#options.known.get(failed.peer);
    if (failed && peer) this.#work(this.#addEvents(comparisonEvents(peer, failed)));
    return refusal;
  }

  #openWith(id: NodeId) {
    if (this.#state.open?.peer !== id) throw notOpen();
    return this.#state;
  }

  #refuse(refusal: ComparisonRefusal | undefined): void {
    if (refusal === undefined) return;
    const { open, closedUntil = 0 } = this.#state;
    const name = open && this.#options.known.get(open.peer)?.name;
    throw refusalError(refusal, { name, closedForMs: closedUntil - this.#now() });
  }

  async #call<T>(id: NodeId, signal: AbortSignal, use: (call: PairingCall) => Promise<T>): Promise<T> {
    const { self, connect, clock } = this.#options;
    const call = createPairingCall({ self, peer: id, socket: await connect(id, signal), clock });
    const cut = () => void call.close();
    signal.addEventListener('abort', cut, { once: true });
    try {
      return await use(call);
    } finally {
      signal.removeEventListener('abort', cut);
      await call.close();
    }
  }

  /** Once, because the other side's own number and decision do not need it. */
  #tell(id: NodeId, same: boolean): void {
    this.#work(this.#call(id, this.#stopping.signal, (call) => call.tellSame(same)));
  }

  async #addEvents(events: Parameters<PeerStore['addEvents']>[0]): Promise<void> {
    await this.#options.peers.addEvents(events).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'an event of a comparison could not be written');
    });
  }

  #work(promise: Promise<unknown>): void {
    const done = promise
      .catch((error: unknown) => this.#options.log.debug({ err: error }, 'a step of a comparison ended early'))
      .finally(() => this.#working.delete(done));
    this.#working.add(done);
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}

const notOpen = () => refusalError('not-open', {});
