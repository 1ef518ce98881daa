import type { DocumentIndex, FileCatalogue } from '@kith/documents';
import type { ExchangeStatus } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { askerOf } from '../access.ts';
import type { Shares } from '../shares.ts';

export interface StatusRoutesOptions {
  readonly name: string;
  readonly index: DocumentIndex;
  readonly files: FileCatalogue;
  readonly shares: Shares;
  readonly queued: () => number;
}

const PROBLEMS_SHOWN = 100;

/** `/api/status`. */
export async function statusRoutes(app: FastifyInstance, options: StatusRoutesOptions): Promise<void> {
  const { name, index, files, shares, queued } = options;
  app.get(
    '/api/status',
    { config: { roles: ['owner', 'peer', 'service'] } },
    async (request): Promise<ExchangeStatus> => {
      const isPeer = askerOf(request).role === 'peer';
      const [{ documents }, failures] = await Promise.all([
        index.statistics(),
        isPeer ? [] : files.failures(PROBLEMS_SHOWN),
      ]);
      const status = { role: isPeer ? ('peer' as const) : ('owner' as const), name, documents, queued: queued() };
      if (isPeer) return status;
      const problems = failures.map(({ source, path, problem = '' }) => ({
        source: shares.pathOf(source) ?? source,
        path,
        message: problem,
      }));
      return { ...status, problems };
    },
  );
}
