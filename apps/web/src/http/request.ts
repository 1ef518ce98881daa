import type { ZodType } from 'zod';
import { errorFrom, RequestError } from './request-error.ts';
import { shownFields } from './session.ts';

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly accept?: string;
  /** More header fields. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Sends a request to the page's own origin; any answer that is not 2xx is thrown as RequestError. */
export async function send(path: string, { method = 'GET', body, accept, fields, signal }: RequestOptions = {}) {
  const headers = new Headers({ accept: accept ?? 'application/json', ...fields, ...shownFields() });
  if (body !== undefined) headers.set('content-type', 'application/json');
  const init: RequestInit = { method, headers, cache: 'no-store', redirect: 'error' };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new RequestError(0, 'network', 'This node does not answer. Is Kith still running on this machine?', {
      cause,
    });
  }
  if (!answer.ok) throw await errorOf(answer);
  return answer;
}

/** The answer's JSON, checked against what was agreed. */
export async function getJson<T>(path: string, schema: ZodType<T>, options: RequestOptions = {}): Promise<T> {
  const answer = await send(path, options);
  const checked = schema.safeParse(await answer.json().catch(() => undefined));
  if (!checked.success)
    throw new RequestError(
      answer.status,
      'broken_answer',
      'The answer is not what this page understands. Load it again.',
    );
  return checked.data;
}

async function errorOf(answer: Response): Promise<RequestError> {
  return errorFrom(answer.status, await answer.text().catch(() => ''));
}
