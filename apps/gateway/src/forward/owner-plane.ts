import { EventEmitter } from 'node:events';
import { type IncomingMessage, METHODS, type ServerResponse } from 'node:http';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import httpProxy from '@fastify/http-proxy';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Dispatcher } from 'undici';
import { answerError } from '../answers/error-answer.ts';
import { isClosedBeneath, isRepeatable } from '../hops/next-hop.ts';
import type { Upstream } from '../hops/upstream-pool.ts';
import { forwardedResponseHeaders } from '../message/forwarded-headers.ts';
import { afterLingering, bodyOf, hasBody } from '../message/request-body.ts';
import { decisionOf } from './decision.ts';

export interface OwnerPlaneOptions {
  readonly upstream: Upstream;
  /** Route at which the requests for the upstream arrive; no request can name it itself. */
  readonly route: string;
}

/** Carries the request through http-proxy to our dispatcher, which needs it for the raw target, fields and body. */
const CARRIED = Symbol('request');
type Carrying = Record<string, string> & { [CARRIED]?: FastifyRequest };

/**
 * Forwards the owner's requests to the web app with @fastify/http-proxy. What its options cannot do is listed in
 * test/behaviour/differences.test.ts.
 */
export async function ownerPlane(app: FastifyInstance, { upstream, route }: OwnerPlaneOptions) {
  // fastify's own parsers would hold a text body in memory and refuse it above 1 MiB.
  app.removeAllContentTypeParsers();
  // And it would refuse a content type that it cannot read; what the asker wrote is in the raw fields, which are sent on.
  app.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'application/octet-stream';
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    reply.hijack();
    answerError(request.raw, reply.raw, errorOf(request, error));
  });
  await app.register(httpProxy, {
    upstream: upstream.origin,
    prefix: route,
    routes: ['/'],
    httpMethods: METHODS.filter((method) => method !== 'CONNECT' && method !== 'TRACE'),
    proxyPayloads: true,
    disableRequestLogging: true,
    disableCache: true,
    // A 503 of the web app is its answer: by default it is asked up to ten times more.
    retryMethods: [],
    internalRewriteLocationHeader: false,
    undici: dispatcherFor(upstream) as never,
    replyOptions: {
      retryDelay: () => null,
      rewriteRequestHeaders: (request): Carrying => ({ [CARRIED]: request as FastifyRequest }) as Carrying,
      rewriteHeaders: (headers) => headers,
      onResponse: sendAtOnce,
      onError: (reply, { error }) => {
        const { request } = reply as FastifyReply;
        (reply as FastifyReply).hijack();
        answerError(request.raw, reply.raw as ServerResponse, errorOf(request, error));
      },
    },
  });
}

/** reply-from hands over an object like fetch's answer; its header comes at once, so that a stream without data begins. */
function sendAtOnce(request: unknown, reply: unknown, answer: unknown): void {
  const { stream } = answer as { stream: Readable };
  const { raw: asked } = request as FastifyRequest;
  const { raw } = (reply as FastifyReply).send(asked.complete ? stream : lingering(stream, asked));
  if (!raw.headersSent && raw.getHeader('content-length') === undefined) raw.flushHeaders();
}

/** An answer that came before the whole body was sent: it ends only when the asker has had time to read it. */
function lingering(stream: Readable, request: IncomingMessage): Readable {
  const body = new PassThrough({ flush: (done) => afterLingering(request, () => done()) });
  return pipeline(stream, body, () => {});
}

/** reply-from wraps the transport's error once. */
function errorOf(request: FastifyRequest, error: unknown): unknown {
  const cause = (error as { cause?: unknown } | null)?.cause ?? error;
  return decisionOf(request.raw).forwarding?.errorOf(cause) ?? cause;
}

type Answered = (
  error: Error | null,
  answer?: { statusCode: number; headers: Record<string, unknown>; body: unknown },
) => void;

/**
 * In place of undici's own agent: sends raw target, fields and body as they came, ends the request when the asker goes
 * away, and repeats it once where a kept connection was closed beneath it.
 */
function dispatcherFor(upstream: Upstream) {
  return {
    request(options: { method: string; headers: Carrying }, done: Answered): void {
      const raw = options.headers[CARRIED]?.raw;
      if (!raw) {
        done(new Error('a request came past http-proxy'));
        return;
      }
      const { response, forwarding } = decisionOf(raw);
      if (!forwarding) {
        done(new Error('a request came past the decision where it goes'));
        return;
      }
      const { path, headers, answer, hop } = forwarding;
      const signal = new EventEmitter();
      response.once('close', () => signal.emit('abort'));
      const body = hasBody(raw) ? bodyOf(raw) : null;
      const method = options.method as Dispatcher.HttpMethod;
      const send = (dispatcher: Dispatcher, mayRepeat: boolean) =>
        dispatcher.request(
          { path, method, headers, body, signal, responseHeaders: 'raw', origin: upstream.origin },
          (error, data) => {
            if (error && mayRepeat && isClosedBeneath(error) && !response.closed) return send(hop.fresh(), false);
            if (error || !data) return done(error ?? new Error('no answer'));
            const fields = fieldsOf(forwardedResponseHeaders(data.headers as unknown as string[], answer));
            done(null, { statusCode: data.statusCode, headers: fields, body: data.body });
          },
        );
      send(upstream.dispatcher, body === null && isRepeatable(method));
    },
  };
}

/** As fastify takes header fields: one value, or all values of a name that comes more than once. */
function fieldsOf(raw: readonly string[]): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    const value = raw[i + 1] as string;
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}
