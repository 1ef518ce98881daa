import { isIP } from 'node:net';
import { createHttpServer } from './http-server.ts';
import type { Startable } from './lifecycle.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

export interface OperationsOptions {
  /** 0 takes a free port. */
  port: number;
  /** Always a loopback address: what is told here is for the machine's administrator. */
  address?: string;
  metrics: Metrics;
  ready: () => Promise<void>;
  log: Log;
}

/** The administrator's listener of a service, on loopback: `/healthz`, `/readyz`, `/metrics` (Prometheus text). */
export function createOperations({
  port,
  address = '127.0.0.1',
  metrics,
  ready,
  log,
}: OperationsOptions): Startable & { port(): number } {
  if (!isLoopback(address)) throw new TypeError(`the operations listener takes a loopback address, not ${address}`);
  const app = createHttpServer({ log, ready });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
  return {
    name: 'operations',
    start: async () => {
      await app.listen({ host: address, port });
    },
    stop: () => app.close(),
    port: () => {
      const at = app.server.address();
      if (at === null || typeof at === 'string') throw new Error('the operations listener is not started');
      return at.port;
    },
  };
}

const isLoopback = (address: string) => address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
