import { type Client, errors, type estypes } from '@elastic/elasticsearch';
import type { IndexHealth } from '@kith/documents';
import type { IndexFinding } from '@kith/wire';
import { DISK_FULL, elasticsearchError, isStatus } from './elasticsearch-errors.ts';

/** Each of the three questions; they are put at once. */
const ANSWER_MS = 2000;
const FULL_DISK_BLOCK = 'index.blocks.read_only_allow_delete';

/**
 * What the server says of this node's indexes (given by their aliases) and of its disks: the state of their shards, what
 * is blocked, and its own report on disks. A user who may not see one of these costs that part of the answer, no more.
 */
export function createElasticsearchIndexHealth({ client, aliases }: { client: Client; aliases: readonly string[] }) {
  const options = { requestTimeout: ANSWER_MS };
  const index = [...aliases];
  return async (): Promise<IndexHealth> => {
    const [shards, blocks, disk] = await Promise.allSettled([
      client.cluster.health({ index, timeout: '0s', master_timeout: '1s' }, options),
      client.indices.getSettings({ index, name: 'index.blocks.*', flat_settings: true, master_timeout: '1s' }, options),
      client.healthReport({ feature: 'disk', filter_path: 'indicators.disk.details' }, options),
    ]);
    const engine = 'elasticsearch' as const;
    const away = [
      // A user who may use the indexes and not see the cluster: what cannot be known is no fault.
      ...(shards.status === 'rejected' && !isStatus(shards.reason, 403) ? awayFinding(shards.reason) : []),
      ...(blocks.status === 'rejected' ? awayFinding(blocks.reason) : []),
    ];
    if (away.length > 0) return { engine, findings: away.slice(0, 1) };
    const red = shards.status === 'fulfilled' ? redFinding(shards.value) : missingFinding(shards.reason, aliases);
    const blocked = blocks.status === 'fulfilled' ? blockFindings(blocks.value) : [];
    const isFull = blocked.some(({ code }) => code === 'disk_full');
    const nearlyFull = disk.status === 'fulfilled' && !isFull ? diskFinding(disk.value) : [];
    const note = shards.status === 'fulfilled' ? shardsNote(shards.value) : undefined;
    return { engine, findings: [...red, ...blocked, ...nearlyFull], ...(note ? { note } : {}) };
  };
}

/** Nothing for what is not there. */
function awayFinding(error: unknown): IndexFinding[] {
  if (isStatus(error, 404) || isStatus(error, 408)) return [];
  const known = elasticsearchError(error);
  const said = known instanceof Error ? known.message : String(known);
  const why = error instanceof errors.ElasticsearchClientError && error.message ? ` (${error.message})` : '';
  const message = (error instanceof errors.ResponseError ? said : `${said.replace(/\.$/, '')}${why}.`).slice(0, 1000);
  const isRefused = isStatus(error, 401) || isStatus(error, 403);
  return [{ code: isRefused ? 'index_refused' : 'index_away', message }];
}

/** 408: asked for indexes that are not there, the server waits for them in vain. */
function missingFinding(error: unknown, aliases: readonly string[]): IndexFinding[] {
  if (!isStatus(error, 408)) return [];
  return [{ code: 'index_gone', message: `Elasticsearch has no index of this node any more (${aliases.join(', ')}).` }];
}

type Shards = Pick<
  estypes.ClusterHealthResponse,
  'status' | 'active_shards' | 'initializing_shards' | 'unassigned_shards'
>;
const totalOf = (shards: Shards) =>
  shards.active_shards + Number(shards.initializing_shards) + Number(shards.unassigned_shards);

function redFinding(shards: Shards): IndexFinding[] {
  if (shards.status.toLowerCase() !== 'red') return [];
  const counts = `${shards.active_shards} of ${totalOf(shards)} shards are there`;
  const starting = Number(shards.initializing_shards);
  const hope = starting > 0 ? `; ${starting} more are just starting` : '';
  const message = `This node’s index in Elasticsearch is red: ${counts}, so that documents are missing${hope}.`;
  return [{ code: 'index_red', message }];
}

/** Yellow is no fault: every document is there once, and lacks its second copy. */
function shardsNote(shards: Shards): string {
  const counts = `${shards.active_shards} of ${totalOf(shards)} shards`;
  return shards.status.toLowerCase() === 'yellow'
    ? `${counts}, yellow: every document is there, copies for the case of a failure are missing`
    : counts;
}

function blockFindings(settings: estypes.IndicesGetSettingsResponse): IndexFinding[] {
  const blocked = Object.entries(settings).flatMap(([name, { settings: own }]) =>
    Object.entries(own ?? {}).flatMap(([block, value]) => (String(value) === 'true' ? [{ name, block }] : [])),
  );
  const byHand = blocked.filter(({ block }) => block !== FULL_DISK_BLOCK);
  const findings: IndexFinding[] = [];
  if (blocked.length > byHand.length) findings.push({ code: 'disk_full', message: DISK_FULL });
  if (byHand.length > 0) {
    const names = byHand.slice(0, 4).map(({ name, block }) => `${name}: ${block}`);
    const message = `Somebody has set a block on this node’s index in Elasticsearch (${names.join(', ')}).`;
    findings.push({ code: 'index_blocked', message: message.slice(0, 1000) });
  }
  return findings;
}

function diskFinding({ indicators }: estypes.HealthReportResponse): IndexFinding[] {
  const over = ['nodes_over_high_watermark', 'nodes_over_flood_stage_watermark'] as const;
  const details = indicators?.disk?.details;
  const nodes = over.reduce((sum, key) => sum + Number(details?.[key] ?? 0), 0);
  if (nodes === 0) return [];
  const where = nodes === 1 ? 'the disk of an Elasticsearch node is' : `the disks of ${nodes} Elasticsearch nodes are`;
  const message = `By its own report ${where} nearly full (above the high watermark): it soon takes no documents any more.`;
  return [{ code: 'disk_nearly_full', message }];
}
