import { isIP, type Socket } from 'node:net';
import { isLoopback } from '@kith/net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { codeOf, ServiceError } from '../errors.ts';
import { createHttpServer, refuseOtherSites } from '../http/http-server.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Startable } from './lifecycle.ts';

/** Who may be told more than whether the service works: whoever is, or shows to be, the owner of the node. */
export interface Owner {
  has(socket: Socket, authorization: string | undefined): Promise<boolean>;
}

export interface OperationsOptions {
  /** 0 takes a free port. */
  port: number;
  /** Always a loopback address: what is told here is for the machine's administrator. */
  address?: string;
  metrics: Metrics;
  ready: () => Promise<unknown>;
  owner: Owner;
  log: Log;
}

/** How long `/readyz` waits for what it asks, in milliseconds. */
const READY_MS = 2000;

/**
 * The administrator's listener of a service, on loopback: `/healthz`, `/readyz`, and for the owner `/metrics` (Prometheus
 * text) and why it is not ready. It is a convenience: where its port is taken, the log says so and everything else runs.
 */
export function createOperations({
  port,
  address = '127.0.0.1',
  metrics,
  ready,
  owner,
  log,
}: OperationsOptions): Startable & { port(): number } {
  if (!isLoopback(address)) throw new TypeError(`the operations listener takes a loopback address, not ${address}`);
  const mayKnow = ({ raw: { socket, headers } }: FastifyRequest) => owner.has(socket, headers.authorization);
  const app = createHttpServer({ log, ready: () => inTime(ready), mayKnow });
  refuseOtherSites(app);
  // A web page whose own name suddenly leads to this machine must not read it.
  app.addHook('onRequest', async ({ hostname }) => {
    if (hostname !== 'localhost' && !isIP(hostname.replace(/^\[|\]$/g, ''))) {
      throw new ServiceError('wrong_host', 'Ask by address, such as 127.0.0.1.');
    }
  });
  app.get('/metrics', async (request, reply) => {
    if (!(await mayKnow(request))) throw ownerUnproven(reply);
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
  return {
    name: 'operations',
    start: async () => {
      try {
        await app.listen({ host: address, port });
      } catch (error) {
        const code = codeOf(error);
        log.warn({ address, port, code }, 'no health and metrics: their port is taken; set KITH_OPERATIONS_PORT');
      }
    },
    stop: () => app.close(),
    port: () => {
      const at = app.server.address();
      if (at === null || typeof at === 'string') throw new Error('the operations listener is not started');
      return at.port;
    },
  };
}

/** Where the operations listener of a service goes that is bound to `bind`: loopback, whatever that is. */
export const operationsAddress = (bind: string): string => (isLoopback(bind) ? bind : '127.0.0.1');

/** Rejects with the first reason for which one of the parts cannot do its work. */
export const allReady = (parts: readonly Startable[]): Promise<unknown> =>
  Promise.all(parts.map(async (part) => part.ready?.()));

function ownerUnproven(reply: FastifyReply): ServiceError {
  reply.header('www-authenticate', 'Bearer realm="kith"');
  return new ServiceError(
    'owner_unproven',
    'Only the owner of this node may read this: ask as the user that runs it, or send the token of its data folder (owner-token) as a bearer.',
  );
}

async function inTime(ready: () => Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), READY_MS);
  await Promise.race([ready(), late.promise]).finally(() => clearTimeout(timer));
}
