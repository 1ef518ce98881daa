import { errorAnswer, type Log, parse, ServiceError } from '@kith/service';
import { ownerSearchRequestSchema, SEARCH_EVENT, type SearchEvents } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { SEARCHES_MAX } from '../../config.ts';
import { requireWords, type SearchAll } from '../../search/search-all.ts';
import { type EventStreams, wantsEvents } from '../event-stream.ts';
import { createPlaces } from '../places.ts';

export interface SearchRoutesOptions {
  readonly searchAll: SearchAll;
  readonly streams: EventStreams;
  readonly log: Log;
}

/** `/api/search`: JSON when all is in, or events as peers answer. */
export async function searchRoutes(
  app: FastifyInstance,
  { searchAll, streams, log }: SearchRoutesOptions,
): Promise<void> {
  const message = 'Too many searches at the same time: try again in a second.';
  const places = createPlaces({ inAll: SEARCHES_MAX, perKey: SEARCHES_MAX, message });

  app.get('/api/search', async (request, reply) => {
    const { q, limit, scope, prefix } = parse(ownerSearchRequestSchema, request.query, 'The search');
    const asked = { q, limit, scope, prefix: prefix === '1' };
    reply.header('cache-control', 'no-store');
    if (!wantsEvents(request)) {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort(new ServiceError('asker_gone', 'The asker left before the answer.')));
      return places.hold('', () => searchAll.run(asked, gone.signal));
    }
    requireWords(q, asked.prefix);
    await places.hold('', async () => {
      const stream = streams.open<SearchEvents>(request, reply);
      try {
        const page = await searchAll.run(asked, stream.signal, (some) => stream.send(SEARCH_EVENT.results, some));
        stream.send(SEARCH_EVENT.done, page);
      } catch (error) {
        // The answer has begun: what would have been its status is an event now.
        if (!stream.signal.aborted) log.error({ err: error }, 'a search failed');
        stream.send(SEARCH_EVENT.failed, errorAnswer(error).body);
      } finally {
        stream.end();
      }
    });
    return reply;
  });
}
