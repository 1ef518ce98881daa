import {
  type ExchangeStatus,
  exchangeStatusSchema,
  type IndexFinding,
  type IndexHealth,
  type NodeFault,
} from '@kith/wire';
import type { Api } from '../ask/api.ts';
import type { Check } from '../output/check.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { Part, Remedies } from './remedies.ts';

const ENGINES: Record<IndexHealth['engine'], string> = {
  memory: 'in memory',
  sqlite: 'a file of this node',
  elasticsearch: 'Elasticsearch',
};
const OF_THE_DISK: ReadonlySet<IndexFinding['code']> = new Set(['disk_full', 'disk_nearly_full']);
/** What the gateway or the exchange says where it is not the documents that are wrong. */
const FAULTS: Record<string, Part> = {
  exchange_away: 'exchange',
  upstream_unreachable: 'exchange',
  index_away: 'elasticsearch',
  store_away: 'redis',
};

/** Documents and where they are indexed: one check for the index, one for its disk, one for the documents themselves. */
export async function indexChecks({ api, remedies }: { api: Api; remedies: Remedies }): Promise<Check[]> {
  try {
    const status = await api.get('/api/status', exchangeStatusSchema);
    const faults = (status.faults ?? []).map(faultCheck);
    return [...faults, ...(status.index ? healthChecks(status.index, remedies) : []), documentsCheck(status)];
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode === EXIT.notRunning) throw error;
    const part = FAULTS[error.code ?? ''];
    if (part) return [{ name: 'documents', verdict: 'failed', detail: error.message, remedy: remedies.part(part) }];
    const remedy =
      'See the log of the exchange. With KITH_UPSTREAM another web app stands here, and this is as it should be.';
    return [{ name: 'documents', verdict: 'warning', detail: error.message, remedy }];
  }
}

const FAULT_NAMES: Record<NodeFault['code'], string> = {
  disk_full: 'disk',
  data_folder_gone: 'data folder',
  data_folder_read_only: 'data folder',
  disk_failing: 'disk',
  too_few_descriptors: 'open files',
  reader_dying: 'reader',
};

const faultCheck = ({ code, message, remedy }: NodeFault): Check => ({
  name: FAULT_NAMES[code],
  verdict: 'failed',
  detail: message,
  remedy,
});

function healthChecks({ engine, findings, note }: IndexHealth, remedies: Remedies): Check[] {
  const checks = findings.map(({ code, message }): Check => {
    const isLocal = engine !== 'elasticsearch';
    return {
      name: OF_THE_DISK.has(code) ? 'index disk' : 'index',
      verdict: code === 'disk_nearly_full' ? 'warning' : 'failed',
      detail: message,
      remedy: isLocal
        ? 'See the log of the node; it makes a damaged index anew when it starts.'
        : remedies.finding(code),
    };
  });
  if (checks.some(({ name }) => name === 'index')) return checks;
  const detail = `${ENGINES[engine]}${note ? `, ${note}` : ''}`;
  return [{ name: 'index', verdict: 'ok', detail }, ...checks];
}

function documentsCheck({ documents, queued, problems }: ExchangeStatus): Check {
  const name = 'documents';
  if (documents === undefined)
    return { name, verdict: 'skipped', detail: 'not counted, because the index does not tell' };
  const [problem] = problems ?? [];
  const detail = `${documents} documents, ${queued} waiting to be indexed`;
  if (!problem) return { name, verdict: 'ok', detail };
  const more = `${problems?.length} file(s) with problems, the newest: ${problem.path}: ${problem.message}`;
  return { name, verdict: 'warning', detail: `${detail}; ${more}` };
}
