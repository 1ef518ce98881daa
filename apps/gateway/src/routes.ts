import { type IncomingMessage, METHODS, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerClientError, errorAnswer, GUARDED_ANSWER, type Log, ServiceError } from '@kith/service';
import Fastify, { type FastifyInstance } from 'fastify';
import { answerError } from './answers/error-answer.ts';
import { type EntranceOptions, entranceApi } from './api/entrance-api.ts';
import { type OwnApiOptions, ownApi } from './api/own-api.ts';
import { toldRoute } from './api/told-route.ts';
import { decisionOf } from './forward/decision.ts';
import { ownerPlane } from './forward/owner-plane.ts';
import { forward } from './forward/thin-forwarder.ts';
import { ROUTES } from './front-door.ts';
import type { Upstream } from './hops/upstream-pool.ts';
import { type PairingAnswerOptions, pairingAnswer } from './pairing/pairing-answer.ts';

export interface RoutesOptions {
  readonly serverFor: (listener: RequestListener) => Server;
  readonly upstream: Upstream;
  readonly api: OwnApiOptions;
  readonly entrance: EntranceOptions;
  readonly pairing: PairingAnswerOptions;
  readonly log: Log;
}

/** What forwards: all methods but the two that no gateway may pass on. */
const FORWARDED_METHODS = METHODS.filter((method) => method !== 'CONNECT' && method !== 'TRACE');

/** Fastify with a route for each kind of plan. It listens nowhere itself. */
export function createRoutes({ serverFor, upstream, api, entrance, pairing, log }: RoutesOptions): FastifyInstance {
  const app = Fastify({
    serverFactory: (listener) => serverFor(listener as RequestListener),
    rewriteUrl: (request) => decisionOf(request as never).route,
    // A child logger for each request costs more than the whole forwarding decision.
    logger: false,
    bodyLimit: 64 * 1024,
    exposeHeadRoutes: false,
    frameworkErrors: (_error, request, reply) => {
      const error = new ServiceError('bad_request', 'This address is not written correctly.');
      reply.hijack();
      answerError(request.raw as IncomingMessage, reply.raw as ServerResponse, error);
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket as Socket),
    return503OnClosing: false,
    forceCloseConnections: false,
  });
  const known = new Set(app.supportedMethods);
  for (const method of FORWARDED_METHODS) if (!known.has(method)) app.addHttpMethod(method, { hasBody: true });

  // What is forwarded is answered past fastify: forwarded-headers.ts.
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(GUARDED_ANSWER);
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, body, isFailure } = errorAnswer(error);
    if (isFailure) log.error({ err: error, method: request.method, url: request.originalUrl }, 'request failed');
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not_found', message: 'The gateway of this node has no such address.' }),
  );

  app.register((scope) => ownApi(scope, api), { prefix: ROUTES.api });
  app.register((scope) => entranceApi(scope, entrance), { prefix: ROUTES.api });
  app.register((scope) => pairingAnswer(scope, pairing), { prefix: ROUTES.pairing });
  app.register((scope) => toldRoute(scope, { path: ROUTES.told, name: () => api.self().name, peers: api.peers }));
  app.register((scope) => ownerPlane(scope, { upstream, route: ROUTES.ownerPlane }));
  app.register(async (scope) => {
    scope.route({
      method: FORWARDED_METHODS as never,
      url: ROUTES.peerPlane,
      // In the first hook, so that fastify reads no body.
      onRequest: (request, reply, _done) => {
        reply.hijack();
        const { forwarding, response } = decisionOf(request.raw);
        if (!forwarding) throw new Error('a request reached the forwarder without a decision');
        const onError = (cause: Error) => answerError(request.raw, response, forwarding.errorOf(cause));
        forward(request.raw, response, forwarding, onError);
      },
      handler: () => {},
    });
  });
  return app;
}
