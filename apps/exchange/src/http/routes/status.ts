import { type DocumentIndex, type FileCatalogue, IndexAwayError } from '@kith/documents';
import { type Clock, codeOf } from '@kith/service';
import type { ExchangeStatus, IndexFinding, IndexHealth } from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import type { Shares } from '../../folders/shares.ts';
import type { Health } from '../../health/health.ts';
import { createIndexState } from '../../index/index-state.ts';
import { within } from '../../within.ts';
import { askerOf } from '../access.ts';

export interface StatusRoutesOptions {
  readonly name: string;
  readonly index: DocumentIndex;
  readonly files: FileCatalogue;
  readonly shares: Shares;
  readonly queued: () => number;
  readonly health: Pick<Health, 'faults'>;
  readonly clock: Clock;
}

const PROBLEMS_SHOWN = 100;
/** Longest wait for the counts of an index that said before that it is there. */
const COUNTS_MS = 3_000;
const SILENT: ReadonlySet<IndexFinding['code']> = new Set(['index_away', 'index_refused', 'index_red']);

/** `/api/status`. The owner is answered also while the index is away: what is wrong with it stands in the answer. */
export async function statusRoutes(app: FastifyInstance, options: StatusRoutesOptions): Promise<void> {
  const { name, index, files, shares, queued, health, clock } = options;
  const indexState = createIndexState({ index, clock });

  async function problems(): Promise<ExchangeStatus['problems']> {
    const failures = await files.failures(PROBLEMS_SHOWN);
    return failures.map(({ source, path, problem = '' }) => ({
      source: shares.pathOf(source) ?? source,
      path,
      message: problem,
    }));
  }

  /** Counts and problems, or what keeps the index from telling. */
  async function counts(health: IndexHealth): Promise<Pick<ExchangeStatus, 'documents' | 'problems' | 'index'>> {
    // Asked all the same, each question would wait as long as the one before.
    if (health.findings.some(({ code }) => SILENT.has(code))) return { index: health };
    let message = `The index does not count its documents within ${COUNTS_MS / 1000} s.`;
    try {
      const known = await within(Promise.all([index.statistics(), problems()]), COUNTS_MS, clock);
      if (known) return { documents: known[0].documents, problems: known[1], index: health };
    } catch (error) {
      if (codeOf(error) !== 'index_away') throw error;
      message = (error as Error).message.slice(0, 1000);
    }
    const away: IndexFinding = { code: 'index_away', message };
    return { index: { ...health, findings: [away, ...health.findings].slice(0, 8) } };
  }

  app.get(
    '/api/status',
    { config: { roles: ['owner', 'peer', 'service'] } },
    async (request): Promise<ExchangeStatus> => {
      if (askerOf(request).role === 'peer') {
        const counted = await within(index.statistics(), COUNTS_MS, clock);
        if (!counted) throw new IndexAwayError('The index of this node gives no answer just now.');
        return { role: 'peer', name, documents: counted.documents, queued: queued() };
      }
      const [faults, counted] = await Promise.all([health.faults(), indexState().then(counts)]);
      return { role: 'owner', name, queued: queued(), faults: [...faults], ...counted };
    },
  );
}
