import type { IncomingMessage, ServerResponse } from 'node:http';
import { codeOf, errorAnswer, GUARDED_ANSWER, ServiceError } from '@kith/service';
import type { ErrorBody } from '@kith/wire';

/** The error that a failed hop is to the asker. `peer`: its name, where the hop went to a peer and not to the own web app. */
export function hopError(cause: unknown, peer: string | undefined): ServiceError {
  const code = codeOf(cause) ?? '';
  const options = { cause };
  if (code === 'exchange_away') return cause as ServiceError;
  if (code === 'wrong_peer') {
    return new ServiceError(
      'wrong_peer',
      `Another node answered at the address of ${peer}: it may have moved.`,
      options,
    );
  }
  if (TIME_OUT.has(code)) {
    const who = peer ?? 'The web app of this node';
    return new ServiceError('upstream_timeout', `${who} did not answer in time: try again.`, options);
  }
  if (UNREACHABLE.has(code)) {
    return peer === undefined
      ? new ServiceError('upstream_unreachable', 'The web app of this node does not answer: is it running?', options)
      : new ServiceError('peer_unreachable', `${peer} cannot be reached at any known address.`, options);
  }
  const who = peer ?? 'The web app of this node';
  return new ServiceError('upstream_broke', `${who} broke off its answer, or gave one that is not HTTP.`, options);
}

const TIME_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
  'peer_unreachable',
]);

/** Answers with an error: JSON for programs, a small page for browsers that navigate here. Cuts an answer that has begun. */
export function answerError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, body } = errorAnswer(error);
  const page = wantsPage(request);
  const text = page ? errorPage(status, body) : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': page ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'content-security-policy': PAGE_POLICY,
    ...GUARDED_ANSWER,
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="kith"' } : {}),
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** For our own small pages: no script, no outside content, style only inside the page. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

const wantsPage = ({ headers }: IncomingMessage) =>
  headers.accept?.includes('text/html') === true && (headers['sec-fetch-mode'] ?? 'navigate') === 'navigate';

const errorPage = (status: number, { error, message }: ErrorBody) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${status}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>${escapeHtml(message)}</h1><p>Kith gateway · ${status} · <code>${escapeHtml(error)}</code></p></html>
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
