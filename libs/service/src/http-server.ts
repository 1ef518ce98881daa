import type { ErrorBody } from '@kith/wire';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { codeOf } from './errors.ts';
import { type ErrorCode, HTTP_STATUS, isErrorCode } from './http-status.ts';
import type { Log } from './log.ts';

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
    ...fastify,
  }) as unknown as FastifyInstance;
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = errorAnswer(error);
    if (status >= 500) request.log.error({ err: error, method: request.method, url: request.url }, 'request failed');
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
      const code = (isTold ? codeOf(error) : undefined) ?? 'not_ready';
      return reply.code(503).send({ error: code, message: 'Not ready: see the log.' });
    }
  });
  return app;
}

/** Status and body for any error: a known code keeps its message, everything else tells nothing of the inside. */
export function errorAnswer(error: unknown): { status: number; body: ErrorBody & { error: ErrorCode } } {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message.slice(0, 2000) : '';
  if (isErrorCode(code)) return { status: HTTP_STATUS[code], body: { error: code, message } };
  const status = (error as { statusCode?: number } | null)?.statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return { status, body: { error: status === 413 ? 'too_large' : 'bad_request', message } };
  }
  return { status: 500, body: { error: 'internal_error', message: 'Something went wrong in this node: see its log.' } };
}
