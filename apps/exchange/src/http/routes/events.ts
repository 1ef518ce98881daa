import { DOCUMENT_EVENT, type DocumentEvents } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import type { Shares } from '../../folders/shares.ts';
import type { Changes } from '../../index/changes.ts';
import type { EventStreams } from '../event-stream.ts';
import { latestOnly } from '../latest-only.ts';

export interface EventRoutesOptions {
  readonly changes: Changes;
  readonly shares: Shares;
  readonly streams: EventStreams;
}

/**
 * `/api/events`, for the owner's page: `documents` with `{count, version}` and `shares` with `{shares}`, once at the
 * beginning and after each change.
 */
export async function eventRoutes(
  app: FastifyInstance,
  { changes, shares, streams }: EventRoutesOptions,
): Promise<void> {
  app.get('/api/events', async (request, reply) => {
    const stream = streams.open<DocumentEvents>(request, reply);
    const tell = latestOnly(async () => {
      const state = changes.documents();
      if (state) stream.send(DOCUMENT_EVENT.documents, state);
      stream.send(DOCUMENT_EVENT.shares, { shares: await shares.list() });
    });
    const stopFollowing = changes.follow(() => void tell().catch(() => {}));
    stream.signal.addEventListener('abort', stopFollowing, { once: true });
    await tell().catch(() => {});
    return reply;
  });
}
