import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** Whether a request carries a body, whatever its method (RFC 9112 6). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * The body as a stream of its own. Destroying it, as undici does when the answer comes before the whole body was sent,
 * must not destroy the connection on which that answer still has to go out.
 */
export function bodyOf(request: IncomingMessage): Readable {
  const body = new Readable({
    read: () => request.resume(),
    destroy(error, done) {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      done(error);
    },
  });
  const onData = (chunk: Buffer) => {
    if (!body.push(chunk)) request.pause();
  };
  const onEnd = () => body.push(null);
  const onClose = () => {
    if (!request.complete) body.destroy(new Error('the asker went away'));
  };
  request.on('data', onData).on('end', onEnd).on('close', onClose);
  return body;
}

/** How long, in milliseconds, an early answer waits for an asker that is still sending before the connection closes. */
const LINGER_MS = 500;

/**
 * Calls `end` once the asker has sent its whole body, or soon. Closing while it still sends would make its system throw
 * away the answer that it has not yet read.
 */
export function afterLingering(request: IncomingMessage, end: () => void): void {
  if (request.complete) {
    end();
    return;
  }
  const timer = setTimeout(finish, LINGER_MS);
  function finish() {
    clearTimeout(timer);
    request.off('end', finish).off('close', finish);
    end();
  }
  request.on('end', finish).on('close', finish).resume();
}
