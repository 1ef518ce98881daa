import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ServiceError } from '@kith/service';
import { decide } from './decision.ts';
import { answerError } from './error-answer.ts';
import type { CountForward } from './forward-metrics.ts';
import type { Forwardings } from './forwardings.ts';
import type { createInFlight } from './in-flight.ts';
import type { OnePort } from './one-port.ts';
import { hasBody } from './request-body.ts';
import { type Plan, type RouteContext, route } from './route.ts';
import { answerStranger } from './stranger-page.ts';
import { openTunnel } from './tunnel.ts';
import type { Asker, AskingFacts } from './who-is-asking.ts';

export interface FrontDoorOptions {
  readonly onePort: () => OnePort;
  readonly whoIsAsking: (facts: AskingFacts) => Asker;
  readonly context: RouteContext;
  readonly forwardings: Forwardings;
  /** Counts what a peer has under way; throws where it is too much. */
  readonly inFlight: ReturnType<typeof createInFlight>;
  readonly countForward?: CountForward | undefined;
  /** Carries out the plans that fastify has routes for. */
  readonly routes: () => RequestListener;
}

/** Paths of fastify's routes. Only a decision leads to them: what the asker wrote is never looked up there. */
export const ROUTES = {
  api: '/api',
  pairing: '/pairing',
  told: '/told',
  ownerPlane: '/owner-plane',
  peerPlane: '/peer-plane',
} as const;

/** Every request comes in here: who asks, where it goes, and whether it may, before any route sees it. */
export function createFrontDoor(options: FrontDoorOptions) {
  const { onePort, whoIsAsking, context, forwardings, inFlight, countForward, routes } = options;
  const plan = (request: IncomingMessage, upgrade: boolean): Plan => {
    const { socket, headers, method = '', url = '' } = request;
    const { remoteAddress, localAddress } = socket;
    // Node goes by the first of several; RFC 9112 3.2 wants them refused, for the next hop may go by another.
    if (hasTwoHosts(request)) throw new ServiceError('bad_request', 'A request names one host.');
    const asker = whoIsAsking({ peer: onePort().peerOf(socket), remoteAddress, localAddress, headers });
    if (asker.kind === 'owner' || asker.kind === 'service') onePort().vouchFor(socket);
    return route(asker, { method, target: url, headers, localAddress, upgrade }, context);
  };

  return {
    onRequest(request: IncomingMessage, response: ServerResponse): void {
      response.on('error', () => response.destroy());
      try {
        const decided = plan(request, false);
        if (decided.kind === 'stranger') {
          answerStranger(response);
          return;
        }
        if (decided.kind === 'redirect') {
          response.writeHead(308, { location: decided.location, 'content-length': 0 }).end();
          return;
        }
        if (decided.kind === 'upstream' && decided.from !== undefined) inFlight(decided.from, response);
        const isForwarded = decided.kind === 'upstream' || decided.kind === 'peer';
        const forwarding = isForwarded ? forwardings(request, decided) : undefined;
        if (isForwarded) countForward?.(decided, request, response);
        decide(request, { plan: decided, response, forwarding, route: routeOf(decided) });
        routes()(request, response);
      } catch (error) {
        answerError(request, response, error);
      }
    },

    onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      socket.on('error', () => socket.destroy());
      const refuse = (error: unknown) => answerOn(request, socket, (response) => answerError(request, response, error));
      try {
        const decided = plan(request, true);
        if (decided.kind === 'stranger') {
          answerOn(request, socket, answerStranger);
          return;
        }
        if (decided.kind !== 'upstream' && decided.kind !== 'peer') {
          throw new ServiceError('bad_request', 'There is no WebSocket here.');
        }
        if (hasBody(request)) throw new ServiceError('bad_request', 'A WebSocket handshake has no body.');
        if (decided.kind === 'upstream' && decided.from !== undefined) inFlight(decided.from, socket);
        const forwarding = forwardings(request, decided);
        openTunnel(request, socket, head, forwarding, (cause) => refuse(forwarding.errorOf(cause)));
      } catch (error) {
        refuse(error);
      }
    },
  };
}

function routeOf(plan: Plan): string {
  if (plan.kind === 'api' || plan.kind === 'pairing') return `${ROUTES[plan.kind]}${plan.path}`;
  if (plan.kind === 'told') return ROUTES.told;
  return plan.kind === 'upstream' && plan.role === 'owner' ? ROUTES.ownerPlane : ROUTES.peerPlane;
}

function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

/** A last answer on a connection that Node has already taken out of its HTTP server. */
function answerOn(request: IncomingMessage, socket: Duplex, answer: (response: ServerResponse) => void): void {
  const response = new ServerResponse(request);
  response.assignSocket(socket as never);
  response.shouldKeepAlive = false;
  response.once('finish', () => socket.end());
  answer(response);
}
