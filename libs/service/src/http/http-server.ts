import type { Socket } from 'node:net';
import type { ErrorBody } from '@kith/wire';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { codeOf, ServiceError } from '../errors.ts';
import { type ErrorCode, HTTP_STATUS, isErrorCode } from '../http-status.ts';
import type { Log } from '../log.ts';
import { GUARDED_ANSWER, isFromAnotherSite } from './browser-rules.ts';
import { answerClientError } from './client-error.ts';

export interface HttpServerOptions {
  log: Log;
  /** Largest request body in bytes, for routes that read one. Default 1 MiB. */
  bodyLimit?: number;
  /** What `/readyz` waits for; rejects with the reason while the service cannot do its work. */
  ready?: () => Promise<void>;
  /** Whether who asks may know why the service is not ready, beside that it is not. Without it nobody may. */
  mayKnow?: (request: FastifyRequest) => Promise<boolean>;
  fastify?: FastifyServerOptions;
}

/**
 * A fastify instance with the defaults of every Kith listener: time-outs, no per-request log lines, one error body,
 * `/healthz` and `/readyz`. It listens nowhere.
 */
export function createHttpServer({
  log,
  bodyLimit = 1 << 20,
  ready,
  mayKnow,
  fastify,
}: HttpServerOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerClientError(error, socket as Socket),
    ...fastify,
  }) as unknown as FastifyInstance;
  // First of all hooks: a route that knows better says so.
  app.addHook('onRequest', async (_request, reply) => void reply.headers(GUARDED_ANSWER));
  app.setErrorHandler((error, request, reply) => {
    const { status, body, isFailure } = errorAnswer(error);
    if (isFailure) request.log.error({ err: error, method: request.method, url: request.url }, 'request failed');
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ error: 'not_found', message: `There is no ${request.method} ${request.url.slice(0, 200)} here.` }),
  );
  app.get('/healthz', async () => ({ ok: true }));
  app.get('/readyz', async (request, reply) => {
    try {
      await ready?.();
      return { ok: true };
    } catch (error) {
      const isTold = (await mayKnow?.(request)) === true;
      const reason = isTold && isErrorCode(codeOf(error)) ? errorAnswer(error).body : undefined;
      return reply.code(503).send(reason ?? { error: 'not_ready', message: 'Not ready: see the log.' });
    }
  });
  return app;
}

/** For a listener that is for no web page at all: what a page of another site makes a browser ask is refused. */
export function refuseOtherSites(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ headers }) => {
    if (isFromAnotherSite(headers)) throw new ServiceError('wrong_origin', 'A page of another site may not ask here.');
  });
}

/** Answers above 500 that anybody on the network causes at will: they must not fill the owner's log. */
const OTHERS_DOING: ReadonlySet<ErrorCode> = new Set([
  'not_verified_yet',
  'stopping',
  'loop_detected',
  'peer_away',
  'peer_unreachable',
  'wrong_peer',
]);

export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody & { readonly error: ErrorCode };
  /** Something failed in or behind this node, which its log must tell. */
  readonly isFailure: boolean;
}

/** The answer for any error: a known code keeps its message, everything else tells nothing of the inside. */
export function errorAnswer(error: unknown): ErrorAnswer {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message.slice(0, 2000) : '';
  if (isErrorCode(code)) return answerOf(HTTP_STATUS[code], { error: code, message });
  const status = (error as { statusCode?: number } | null)?.statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return answerOf(status, { error: status === 413 ? 'too_large' : 'bad_request', message });
  }
  return answerOf(500, { error: 'internal_error', message: 'Something went wrong in this node: see its log.' });
}

function answerOf(status: number, body: ErrorAnswer['body']): ErrorAnswer {
  return { status, body, isFailure: status >= 500 && !OTHERS_DOING.has(body.error) };
}
