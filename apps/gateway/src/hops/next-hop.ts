import type { Dispatcher } from 'undici';

/** Where a request goes on: a pool of connections, and a way to get a connection that nobody has used before. */
export interface NextHop {
  readonly dispatcher: Dispatcher;
  /** One connection for one request. */
  readonly fresh: () => Dispatcher;
}

/** Whether a request without body may be sent twice: only what changes nothing (RFC 9110 9.2.1). */
export const isRepeatable = (method: string | undefined) =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** Errors of a kept connection that the other side closed just as the request was sent. */
const CLOSED_BENEATH = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
export const isClosedBeneath = (error: Error) => CLOSED_BENEATH.has((error as NodeJS.ErrnoException).code ?? '');
