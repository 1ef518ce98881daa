import type { PeerStore } from '@kith/membership';
import { type Told, toldSchema } from '@kith/wire';
import type { FastifyInstance } from 'fastify';

export interface ToldRouteOptions {
  readonly path: string;
  readonly name: () => string;
  readonly peers: Pick<PeerStore, 'readStatus'>;
}

/** What this node tells trusted peers of itself; only a decision leads here (`route.ts`). */
export async function toldRoute(app: FastifyInstance, { path, name, peers }: ToldRouteOptions): Promise<void> {
  app.get(path, async (_request, reply): Promise<Told> => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    const { documents } = await peers.readStatus();
    return toldSchema.parse({ name: name(), documents });
  });
}
