import type { Socket } from 'node:net';
import { codeOf } from '../errors.ts';
import type { ErrorCode } from '../http-status.ts';
import { GUARDED_ANSWER } from './browser-rules.ts';

const ANSWERS: Readonly<Record<string, [status: string, error: ErrorCode, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'too_large', 'The header fields are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'bad_request', 'The request did not come in time.'],
};
const MALFORMED = ['400 Bad Request', 'bad_request', 'This is not a well-formed HTTP request.'] as const;

const GUARDED = Object.entries(GUARDED_ANSWER)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

/** Answers what is not HTTP, where nothing was answered on the connection that it could be mixed up with. */
export function answerClientError(error: unknown, socket: Socket): void {
  const isFirst = socket.bytesWritten === 0;
  if (!isFirst || !socket.writable || codeOf(error) === 'ECONNRESET') {
    socket.destroySoon();
    return;
  }
  const [status, code, message] = ANSWERS[codeOf(error) ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ error: code, message });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n${GUARDED}connection: close\r\n\r\n${body}`,
  );
}
