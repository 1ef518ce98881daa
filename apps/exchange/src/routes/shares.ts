import { parse } from '@kith/service';
import { newShareSchema, type sharesSchema } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Shares } from '../shares.ts';

const idParams = z.object({ id: z.string().max(64) });

/** `/api/shares` and `/api/shares/<id>`. */
export async function shareRoutes(app: FastifyInstance, { shares }: { shares: Shares }): Promise<void> {
  app.get('/api/shares', async (): Promise<z.infer<typeof sharesSchema>> => ({ shares: await shares.list() }));

  app.post('/api/shares', async (request, reply) => {
    const { path, also } = parse(newShareSchema, request.body, 'The folder');
    return reply.code(201).send(await shares.add(path, also));
  });

  app.delete('/api/shares/:id', async (request, reply) => {
    await shares.remove(parse(idParams, request.params, 'The address').id);
    return reply.code(204).send();
  });
}
