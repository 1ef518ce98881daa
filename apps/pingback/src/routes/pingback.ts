import type { Candidate } from '@kith/membership';
import { callableAddress, isLoopback, plainAddress } from '@kith/net';
import { parse, refuseOtherSites, ServiceError } from '@kith/service';
import { type PingbackReply, pingbackQuerySchema } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import type { Asked } from '../reply.ts';

export interface PingbackRouteOptions {
  makeReply(asked: Pick<Asked, 'nonce' | 'address'>): PingbackReply;
  /** Whether an asker at this address may be answered now. */
  mayAsk(address: string): boolean;
  /** Called once for each answer, after it was sent; `address` is the asker's and keeps its zone. */
  onAsked(asker: { address: string; source: Candidate['source'] }): void;
}

/** `GET /?nonce=…[&look=1]`: who this node is, signed for this asker. The one thing that this port does. */
export function pingbackRoute(app: FastifyInstance, { makeReply, mayAsk, onAsked }: PingbackRouteOptions): void {
  refuseOtherSites(app);
  app.addHook('onRequest', async (request, reply) => {
    // No connection is worth keeping.
    reply.header('connection', 'close');
    const asker = plainAddress(request.socket.remoteAddress) ?? '';
    // What createHttpServer answers besides (health, readiness) is for this machine only.
    if (request.routeOptions.url !== '/' && !isLoopback(asker)) throw new ServiceError('not_found', HERE);
    if (!mayAsk(asker)) {
      reply.header('retry-after', '1');
      throw new ServiceError('too_many_requests', 'This address asks too often: wait a second.');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      reply.header('allow', 'GET, HEAD');
      throw new ServiceError('method_not_allowed', 'This port answers GET only: GET /?nonce=….');
    }
  });

  app.get('/', async (request, reply) => {
    const { nonce, look } = parse(pingbackQuerySchema, request.query, HINT);
    const here = plainAddress(request.socket.localAddress);
    const there = callableAddress(request.socket.remoteAddress ?? '');
    if (here === undefined || there === undefined) throw new ServiceError('bad_request', 'The connection was closed.');
    const answer = makeReply({ nonce, address: here });
    const asker = { address: there, source: look ? 'look' : 'asked' } as const;
    reply.raw.once('finish', () => onAsked(asker));
    return answer;
  });
}

const HERE = 'There is nothing here but GET /?nonce=….';
const HINT =
  'This is the pingback of a Kith node. Ask GET /?nonce=<16 to 64 random bytes in base64url>; the answer is signed for that nonce (docs/protocol.md). The query';
