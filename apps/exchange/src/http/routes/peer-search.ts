import type { DocumentIndex } from '@kith/documents';
import { type Clock, parse, ServiceError } from '@kith/service';
import { type PeerSearchAnswer, peerSearchRequestSchema } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { SEARCHES_MAX, SEARCHES_PER_PEER } from '../../config.ts';
import { answerPeer } from '../../search/search-local.ts';
import { askerOf } from '../access.ts';
import { createPlaces } from '../places.ts';
import { createRateLimit } from '../rate-limit.ts';

export interface PeerSearchRoutesOptions {
  readonly index: DocumentIndex;
  readonly clock: Clock;
  readonly perSecond: number;
}

const BODY_BYTES = 16 * 1024;

/** `/api/peer/search`: what a trusted peer asks. */
export async function peerSearchRoutes(app: FastifyInstance, options: PeerSearchRoutesOptions): Promise<void> {
  const { index, clock, perSecond } = options;
  const message = 'You search more often than this node answers one peer: try again in a second.';
  const mayAsk = createRateLimit({ perSecond, burst: perSecond * 2, monotonic: () => clock.monotonic() });
  const places = createPlaces({ inAll: SEARCHES_MAX, perKey: SEARCHES_PER_PEER, message });

  app.post(
    '/api/peer/search',
    { bodyLimit: BODY_BYTES, config: { roles: ['peer', 'owner'] } },
    async (request): Promise<PeerSearchAnswer> => {
      const { peer = '' } = askerOf(request);
      if (!mayAsk(peer)) throw new ServiceError('too_many_requests', message);
      const asked = parse(peerSearchRequestSchema, request.body, 'The search');
      return places.hold(peer, () => answerPeer(index, asked));
    },
  );
}
