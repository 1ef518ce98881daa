import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plan } from '../plan/route.ts';
import type { PreparedForwarding } from './forwardings.ts';

/** What was decided about a request before fastify sees it. */
export interface Decision {
  readonly plan: Plan;
  readonly response: ServerResponse;
  /** Present where the plan is to forward. */
  readonly forwarding: PreparedForwarding | undefined;
  /** Path under which fastify finds the route that carries it out. */
  readonly route: string;
}

const DECISION = Symbol('kith decision');
type Decided = IncomingMessage & { [DECISION]?: Decision };

export function decide(request: IncomingMessage, decision: Decision): void {
  (request as Decided)[DECISION] = decision;
}

export function decisionOf(request: IncomingMessage): Decision {
  const decision = (request as Decided)[DECISION];
  if (!decision) throw new Error('a request reached a route without a decision');
  return decision;
}
