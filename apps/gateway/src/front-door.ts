import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GUARDED_ANSWER, ServiceError } from '@kith/service';
import { answerError } from './answers/error-answer.ts';
import { answerStranger } from './answers/stranger-page.ts';
import type { OnePort } from './door/one-port.ts';
import type { OwnerDoor } from './door/owner-door.ts';
import type { SecurityAudit } from './door/security-audit.ts';
import type { Asker, AskingFacts, LocalAsker } from './door/who-is-asking.ts';
import { decide } from './forward/decision.ts';
import type { CountForward } from './forward/forward-metrics.ts';
import type { Forwardings } from './forward/forwardings.ts';
import type { createInFlight } from './forward/in-flight.ts';
import { openTunnel } from './forward/tunnel.ts';
import { hasBody } from './message/request-body.ts';
import { type Plan, type RouteContext, route } from './plan/route.ts';

export interface FrontDoorOptions {
  readonly onePort: () => OnePort;
  readonly whoIsAsking: (facts: AskingFacts) => Asker | LocalAsker;
  readonly ownerDoor: OwnerDoor;
  readonly context: RouteContext;
  readonly forwardings: Forwardings;
  /** Counts what a peer has under way; throws where it is too much. */
  readonly inFlight: ReturnType<typeof createInFlight>;
  readonly countForward?: CountForward | undefined;
  readonly audit: SecurityAudit;
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
  const { onePort, whoIsAsking, ownerDoor, context, forwardings, inFlight, countForward, audit, routes } = options;
  const plan = (asker: Asker, request: IncomingMessage, upgrade: boolean): Plan => {
    const { socket, headers, method = '', url = '' } = request;
    if (asker.kind === 'owner' || asker.kind === 'service') onePort().vouchFor(socket);
    const { localAddress } = socket;
    return route(asker, { method, target: url, headers, localAddress, upgrade }, context);
  };

  /** Finds out who asks, at once where that is known of the connection, and goes on; `refuse` gets whatever fails. */
  const admit = (request: IncomingMessage, goOn: (asker: Asker) => void, refuse: (error: unknown) => void): void => {
    try {
      // Node goes by the first of several; RFC 9112 3.2 wants them refused, for the next hop may go by another.
      if (hasTwoHosts(request)) throw new ServiceError('bad_request', 'A request names one host.');
      const { socket, headers } = request;
      const { remoteAddress, localAddress } = socket;
      const found = whoIsAsking({ peer: onePort().peerOf(socket), remoteAddress, localAddress, headers });
      const asker = found.kind === 'local' ? ownerDoor.ask(request, found) : found;
      if (asker instanceof Promise) asker.then(goOn).catch(refuse);
      else goOn(asker);
    } catch (error) {
      refuse(error);
    }
  };

  return {
    onRequest(request: IncomingMessage, response: ServerResponse): void {
      response.on('error', () => response.destroy());
      const carryOut = (asker: Asker) => {
        if (response.closed) return;
        const decided = plan(asker, request, false);
        if (decided.kind === 'stranger') {
          audit.refused(request, 'stranger');
          answerStranger(response);
          return;
        }
        if (decided.kind === 'pairing') audit.watchPairing(request, response);
        if (decided.kind === 'redirect') {
          const { location, cookie } = decided;
          const [status, fields] = cookie === undefined ? [308, {}] : [303, { 'set-cookie': cookie }];
          response.writeHead(status, { location, 'content-length': 0, ...GUARDED_ANSWER, ...fields }).end();
          return;
        }
        if (decided.kind === 'upstream' && decided.from !== undefined) inFlight(decided.from, response);
        const isForwarded = decided.kind === 'upstream' || decided.kind === 'peer';
        const forwarding = isForwarded ? forwardings(request, decided) : undefined;
        if (isForwarded) countForward?.(decided, request, response);
        decide(request, { plan: decided, response, forwarding, route: routeOf(decided) });
        routes()(request, response);
      };
      admit(request, carryOut, (error) => {
        audit.refused(request, error);
        answerError(request, response, error);
      });
    },

    onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      socket.on('error', () => socket.destroy());
      const refuse = (error: unknown) => {
        audit.refused(request, error);
        answerOn(request, socket, (response) => answerError(request, response, error));
      };
      const carryOut = (asker: Asker) => {
        if (socket.destroyed) return;
        const decided = plan(asker, request, true);
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
      };
      admit(request, carryOut, refuse);
    },
  };
}

function routeOf(plan: Plan): string {
  if (plan.kind === 'api' || plan.kind === 'pairing') return `${ROUTES[plan.kind]}${plan.path}`;
  if (plan.kind === 'told') return ROUTES.told;
  return plan.kind === 'upstream' && (plan.role === 'owner' || plan.role === 'anybody')
    ? ROUTES.ownerPlane
    : ROUTES.peerPlane;
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
