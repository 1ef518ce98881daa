import type { Peer } from '@kith/membership';
import { parse } from '@kith/service';
import { comparisonAnswerSchema, comparisonViewSchema } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import type { ComparisonDesk } from './comparison-desk.ts';
import type { WhoIs } from './comparison-view.ts';

export interface ComparisonRoutesOptions {
  readonly comparisons: ComparisonDesk;
  /** The peer that the owner names. */
  readonly find: (params: unknown) => Promise<Peer>;
  readonly whoIs: WhoIs;
}

/** The owner's side of comparing numbers (libs/wire/src/owner/comparison.ts). */
export function comparisonRoutes(app: FastifyInstance, { comparisons, find, whoIs }: ComparisonRoutesOptions): void {
  const view = () => comparisonViewSchema.parse(comparisons.view(whoIs));

  app.get('/comparison', async () => view());
  app.post('/peers/:peer/comparison', async ({ params }) => {
    comparisons.open(await find(params));
    return view();
  });
  app.post('/peers/:peer/comparison/answer', async ({ params, body }) => {
    const { id } = await find(params);
    const answer = parse(comparisonAnswerSchema, body, 'The answer');
    if (answer.same) await comparisons.saySame(id, answer.number);
    else await comparisons.sayDifferent(id);
    return view();
  });
  app.delete('/peers/:peer/comparison', async ({ params }) => {
    comparisons.cancel((await find(params)).id);
    return view();
  });
}
