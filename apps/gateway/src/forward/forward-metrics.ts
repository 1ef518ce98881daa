import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { counter, type Metrics, seconds } from '@kith/service';
import type { ForwardPlan } from './forwardings.ts';

/** Notes a request that is forwarded, until its answer is over. */
export type CountForward = (plan: ForwardPlan, request: IncomingMessage, response: ServerResponse) => void;

/**
 * Adds the gateway's figures. Routes are `owner` (the own web app for this node's owner and services), `visitor` (the own
 * web app for a peer) and `peer` (a peer's web app for this node); codes that HTTP does not know are `other`, and an asker
 * who went away before the answer began is `gone`.
 */
export function countForwards(metrics: Metrics): CountForward {
  const requests = counter(
    metrics,
    'kith_gateway_upstream_requests_total',
    'Requests forwarded, by route and status.',
    ['route', 'code'],
  );
  const took = seconds(
    metrics,
    'kith_gateway_upstream_seconds',
    'From a request to the end of its answer; without event streams, which have none.',
    ['route'],
  );
  return (plan, { headers }, response) => {
    const from = performance.now();
    response.once('close', () => {
      const route = routeOf(plan);
      requests.inc({ route, code: codeOf(response) });
      if (headers.accept !== 'text/event-stream') took.observe({ route }, (performance.now() - from) / 1000);
    });
  };
}

const routeOf = (plan: ForwardPlan) => (plan.kind === 'peer' ? 'peer' : plan.from === undefined ? 'owner' : 'visitor');

function codeOf({ headersSent, statusCode }: ServerResponse): string {
  if (!headersSent) return 'gone';
  return STATUS_CODES[statusCode] === undefined ? 'other' : String(statusCode);
}
