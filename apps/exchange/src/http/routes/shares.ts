import { type AuditTrail, parse, type RoomReserve } from '@kith/service';
import { newShareSchema, type sharesSchema } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Shares } from '../../folders/shares.ts';

const idParams = z.object({ id: z.string().max(64) });

/** `/api/shares` and `/api/shares/<id>`. */
export async function shareRoutes(
  app: FastifyInstance,
  { shares, audit, reserve }: { shares: Shares; audit: AuditTrail; reserve: RoomReserve },
): Promise<void> {
  app.get('/api/shares', async (): Promise<z.infer<typeof sharesSchema>> => ({ shares: await shares.list() }));

  app.post('/api/shares', async (request, reply) => {
    const { path, also } = parse(newShareSchema, request.body, 'The folder');
    const share = await shares.add(path, also);
    const named = share.also === undefined ? '' : `, with ${share.also.join(', ')}`;
    audit.note({ kind: 'security', what: 'shared', text: `${share.path} is shared${named}.` });
    return reply.code(201).send(share);
  });

  app.delete('/api/shares/:id', async (request, reply) => {
    const { id } = parse(idParams, request.params, 'The address');
    const path = shares.pathOf(id);
    await reserve.use(() => shares.remove(id));
    audit.note({ kind: 'security', what: 'unshared', text: `${path ?? id} is no longer shared.` });
    return reply.code(204).send();
  });
}
