import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { isClosedBeneath, isRepeatable, type NextHop } from '../hops/next-hop.ts';
import { type AnsweredThrough, forwardedResponseHeaders } from '../message/forwarded-headers.ts';
import { afterLingering, bodyOf, hasBody } from '../message/request-body.ts';

export interface Forwarding {
  readonly hop: NextHop;
  /** Request target for the next hop, sent as it is. */
  readonly path: string;
  readonly headers: string[];
  readonly answer: AnsweredThrough;
}

/**
 * Passes a request on and its answer back, with one undici dispatch and no streams in between but the body's. Calls
 * `onError` once where there is no answer to pass on, or it breaks off.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  forwarding: Forwarding,
  onError: (error: Error) => void,
): void {
  const body = hasBody(request) ? bodyOf(request) : null;
  const canRepeat = body === null && isRepeatable(request.method);
  const exchange = new Exchange(request, response, forwarding, onError, canRepeat);
  exchange.send(forwarding.hop.dispatcher, body);
}

/** A whole answer up to this size goes out in one write with its head: Node joins the two only as text. */
const ONE_WRITE_BYTES = 16 * 1024;

/** One request and its answer: undici's handler for it. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #forwarding: Forwarding;
  readonly #onError: (error: Error) => void;
  #canRepeat: boolean;
  #controller: Dispatcher.DispatchController | undefined;
  #hasTrailers = false;
  /** Content-Length of the answer, where it has one. */
  #length: number | undefined;
  #ended = false;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    forwarding: Forwarding,
    onError: (error: Error) => void,
    canRepeat: boolean,
  ) {
    this.#onError = onError;
    this.#request = request;
    this.#response = response;
    this.#forwarding = forwarding;
    this.#canRepeat = canRepeat;
    response.once('close', () => this.#askerIsGone());
  }

  send(dispatcher: Dispatcher, body: Readable | null): void {
    const { path, headers } = this.#forwarding;
    try {
      dispatcher.dispatch({ path, headers, method: this.#request.method ?? 'GET', body }, this);
    } catch (error) {
      this.onResponseError(undefined, error as Error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It may be a second try: whoever has gone since the first has been noticed, and this one is to end all the same.
    if (this.#response.closed) controller.abort(new Error('the asker went away'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const raw = textOf(controller.rawHeaders);
    if (status < 200) {
      this.#inform(status, raw);
      return;
    }
    this.#canRepeat = false;
    const headers = forwardedResponseHeaders(raw, this.#forwarding.answer);
    this.#hasTrailers = raw.some((text, i) => i % 2 === 0 && text.toLowerCase() === 'trailer');
    if (!this.#request.complete) headers.push('connection', 'close');
    this.#response.writeHead(status, headers);
    this.#length = lengthOf(raw);
    if (this.#length === undefined) this.#response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (chunk.length === this.#length && chunk.length <= ONE_WRITE_BYTES && this.#request.complete) {
      this.#response.end(chunk.toString('latin1'), 'latin1');
      return;
    }
    if (this.#response.write(chunk)) return;
    controller.pause();
    this.#response.once('drain', () => controller.resume());
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#ended = true;
    if (this.#hasTrailers) this.#response.addTrailers(pairsOf(textOf(controller.rawTrailers)));
    if (this.#request.complete) this.#response.end();
    else afterLingering(this.#request, () => this.#response.end());
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#ended || this.#response.closed) return;
    if (this.#canRepeat && isClosedBeneath(error)) {
      this.#canRepeat = false;
      this.send(this.#forwarding.hop.fresh(), null);
      return;
    }
    this.#ended = true;
    this.#onError(error);
  }

  /** Early hints are passed on; 100 and 102 mean something to one connection only. */
  #inform(status: number, raw: string[]): void {
    if (status !== 103) return;
    const hints = pairsOf(forwardedResponseHeaders(raw, this.#forwarding.answer));
    const links = hints.filter(([name]) => name.toLowerCase() === 'link').map(([, value]) => value);
    if (links.length > 0) this.#response.writeEarlyHints({ link: links });
  }

  #askerIsGone(): void {
    if (this.#ended || this.#response.writableFinished) return;
    this.#ended = true;
    this.#controller?.abort(new Error('the asker went away'));
  }
}

/** undici hands header fields over as bytes; HTTP's are Latin-1. */
function textOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  return Array.isArray(raw) ? raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1'))) : [];
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] as string, raw[i + 1] as string]);
  return pairs;
}

function lengthOf(raw: readonly string[]): number | undefined {
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length === 14 && name.toLowerCase() === 'content-length') return Number(raw[i + 1]);
  }
  return undefined;
}
