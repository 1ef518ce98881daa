import { codeOf } from '@kith/service';
import { errorBodySchema } from '@kith/wire';
import type { z } from 'zod';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { readEvents, type ServerEvent } from './read-events.ts';

/** The running node's HTTP API, every answer checked. Failures are CliErrors. */
export interface Api {
  /** Origin of the node's gateway. */
  readonly url: string;
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** A request that changes something; the answer is checked where a schema is given, else not read. */
  send<T>(method: 'POST' | 'DELETE', path: string, body?: unknown, schema?: z.ZodType<T>): Promise<T | undefined>;
  /** The bare answer, whatever its status. */
  raw(path: string, options?: { headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response>;
  /** Server-sent events until the node ends the stream or `signal` aborts (which throws). */
  events(path: string, options?: { signal?: AbortSignal; after?: string | undefined }): AsyncGenerator<ServerEvent>;
}

const ANSWER_TIMEOUT_MS = 15_000;

export interface ApiOptions {
  readonly url: string;
  /** What starts a node, for the hint. */
  readonly start: string;
  /** The owner's, where one is at hand. */
  readonly token?: string | undefined;
}

export function createApi({ url, start, token }: ApiOptions): Api {
  const shown: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  async function raw(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      const headers = { ...shown, ...(init.headers as Record<string, string> | undefined) };
      return await fetch(new URL(path, url), { redirect: 'manual', ...init, headers });
    } catch (error) {
      if (init.signal?.aborted && (error as Error).name === 'AbortError') throw error;
      throw unreachable(url, start, error);
    }
  }
  async function answered(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await raw(path, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS), ...init });
    if (answer.ok) return answer;
    throw await refusal(answer);
  }
  return {
    url,
    raw,
    get: async (path, schema) => checked(await answered(path, { headers: { accept: 'application/json' } }), schema),
    async send(method, path, body, schema) {
      const json =
        body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      const answer = await answered(path, { method, ...json });
      if (schema) return checked(answer, schema);
      await answer.body?.cancel();
      return undefined;
    },
    async *events(path, { signal, after } = {}) {
      const headers = { accept: 'text/event-stream', ...(after ? { 'last-event-id': after } : {}) };
      const answer = await raw(path, { headers, ...(signal ? { signal } : {}) });
      if (!answer.ok) throw await refusal(answer);
      yield* readEvents(answer.body, signal);
    },
  };
}

async function checked<T>(answer: Response, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(await answer.json().catch(() => undefined));
  if (result.success) return result.data;
  throw new CliError(
    EXIT.failed,
    `The node's answer was not understood (${new URL(answer.url).pathname}). Is it another version of Kith, or another program? Name the right one with --node.`,
  );
}

const EXIT_OF_STATUS: Record<number, number> = {
  401: EXIT.notAllowed,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  410: EXIT.notFound,
};

/** What the node said when it refused, as an error for the person. */
export async function refusal(answer: Response): Promise<CliError> {
  const body = errorBodySchema.safeParse(await answer.json().catch(() => undefined));
  const message = body.success ? body.data.message : `The node answered with status ${answer.status}.`;
  return new CliError(EXIT_OF_STATUS[answer.status] ?? EXIT.failed, message, {
    code: body.success ? body.data.error : `status_${answer.status}`,
  });
}

function unreachable(url: string, start: string, error: unknown): CliError {
  const cause = (error as { cause?: unknown }).cause;
  const name = (error as Error).name;
  if (name === 'TimeoutError')
    return new CliError(EXIT.failed, `The node at ${url} did not answer within ${ANSWER_TIMEOUT_MS / 1000} s.`);
  if (codeOf(cause) === 'ECONNREFUSED')
    return new CliError(
      EXIT.notRunning,
      `No node runs at ${url}. Start one with \`${start}\`, or name another with --node.`,
    );
  const reason = cause instanceof Error ? cause.message : (error as Error).message;
  return new CliError(EXIT.notRunning, `The node at ${url} cannot be reached: ${reason}.`);
}
