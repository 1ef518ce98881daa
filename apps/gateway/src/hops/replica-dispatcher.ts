import type { Duplex } from 'node:stream';
import { ServiceError } from '@kith/service';
import { Dispatcher } from 'undici';
import { isClosedBeneath, isRepeatable } from './next-hop.ts';
import type { KnownReplica, ReplicaSet } from './replica-set.ts';

export interface ReplicaDispatcherOptions {
  readonly replicas: ReplicaSet;
  /** `fresh`: a connection that nobody has used, for a request over which one broke off. */
  readonly connect: (replica: KnownReplica, fresh: boolean) => Dispatcher;
}

/**
 * Sends each request to a replica, and to another one where that fails before anything of it was sent, or where it may
 * be sent twice and no answer has begun; where none is well, it waits a moment for one. Once an answer has begun, it
 * stays with its replica to the end.
 */
export class ReplicaDispatcher extends Dispatcher {
  readonly #options: ReplicaDispatcherOptions;

  constructor(options: ReplicaDispatcherOptions) {
    super();
    this.#options = options;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    new Tries(this.#options, options, handler).next();
    return true;
  }

  override close(): Promise<void>;
  override close(callback?: () => void): void | Promise<void> {
    callback?.();
    return Promise.resolve();
  }
}

/** The replica hangs, and was given up; a request that may be repeated goes elsewhere. */
const isCut = (error: Error) => (error as NodeJS.ErrnoException).code === 'UND_ERR_DESTROYED';

/** A request over which so many replicas broke off may be what breaks them: no more of them get it. */
const MAX_BROKEN = 3;

/** One request, at one replica after the other: undici's handler for each try. */
class Tries implements Dispatcher.DispatchHandler {
  readonly #options: ReplicaDispatcherOptions;
  readonly #request: Dispatcher.DispatchOptions;
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #tried = new Set<KnownReplica>();
  readonly #canRepeat: boolean;
  #replica: KnownReplica | undefined;
  #isSent = false;
  #broken = 0;
  #hasWaited = false;
  #isAnswered = false;
  #isAborted = false;

  constructor(
    options: ReplicaDispatcherOptions,
    request: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ) {
    this.#options = options;
    this.#request = request;
    this.#handler = handler;
    this.#canRepeat = isRepeatable(request.method) && (request.body === null || request.body === undefined);
  }

  next(last?: Error): void {
    const replica = this.#options.replicas.choose(this.#tried);
    if (replica === undefined) {
      void this.#wait(last);
      return;
    }
    this.#tried.add(replica);
    this.#replica = replica;
    this.#isSent = false;
    try {
      this.#options.connect(replica, this.#broken > 0).dispatch(this.#request, this);
    } catch (error) {
      this.onResponseError(undefined, error as Error);
    }
  }

  async #wait(last: Error | undefined): Promise<void> {
    const isThere = !this.#hasWaited && (await this.#options.replicas.waitForOne());
    this.#hasWaited = true;
    this.#tried.clear();
    if (isThere) this.next(last);
    else this.#handler.onResponseError?.(undefined as never, this.#isSent && last ? last : noReplica(last));
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#isSent = true;
    const abort = controller.abort.bind(controller);
    controller.abort = (reason) => {
      this.#isAborted = true;
      abort(reason);
    };
    this.#handler.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>[2],
    socket: Duplex,
  ): void {
    this.#isAnswered = true;
    const { replica } = this.#take();
    socket.once('close', () => replica && this.#options.replicas.over(replica));
    this.#handler.onRequestUpgrade?.(controller, status, headers, socket);
  }

  onResponseStart(...all: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    if (all[1] >= 200) this.#isAnswered = true;
    this.#handler.onResponseStart?.(...all);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(...all: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>): void {
    this.#end();
    this.#handler.onResponseEnd?.(...all);
  }

  onResponseError(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const { replica } = this.#end();
    if (!this.#isAborted && replica) {
      const broke = isClosedBeneath(error) || isCut(error);
      if (!this.#isSent || broke) this.#options.replicas.failed(replica, error);
      if (this.#isSent) this.#broken += 1;
      const mayRepeat = this.#canRepeat && broke && this.#broken < MAX_BROKEN;
      if (!this.#isAnswered && (!this.#isSent || mayRepeat)) {
        this.next(error);
        return;
      }
    }
    this.#handler.onResponseError?.(controller as Dispatcher.DispatchController, error);
  }

  #take(): { replica: KnownReplica | undefined } {
    const replica = this.#replica;
    this.#replica = undefined;
    return { replica };
  }

  #end(): { replica: KnownReplica | undefined } {
    const taken = this.#take();
    if (taken.replica) this.#options.replicas.over(taken.replica);
    return taken;
  }
}

const noReplica = (cause: Error | undefined) =>
  new ServiceError('exchange_away', 'No exchange of this node is running just now: try again in a moment.', { cause });
