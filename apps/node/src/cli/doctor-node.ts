import { readFile, statfs } from 'node:fs/promises';
import {
  exchangeStatusSchema,
  type NodeView,
  nodeViewSchema,
  type PeerView,
  peersViewSchema,
  sharesSchema,
} from '@kith/wire';
import { type Api, refusal } from './api.ts';
import { askPingback } from './ask-pingback.ts';
import type { Check } from './check.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { plainLine } from './plain-text.ts';
import { sizeText } from './time-text.ts';

export interface NodeQuestion {
  readonly api: Api;
  readonly dataDirectory: string;
  readonly pingbackPort: number;
  readonly kith: string;
}
const LITTLE_DISK = 1_000_000_000;
const CLOCK_OFF_MS = 120_000;
const PEERS_ASKED = 20;

/** Whether this node itself is well: its parts, its machine, and the way to each trusted peer. */
export async function nodeChecks(question: NodeQuestion): Promise<Check[]> {
  const { api } = question;
  const known = await Promise.all([
    api.get('/_kith/node', nodeViewSchema),
    api.get('/_kith/peers', peersViewSchema),
  ]).catch(storeCheck);
  if (!Array.isArray(known)) return [known, await documentsCheck(question), await diskCheck(question)];
  const [node, { peers }] = known;
  const usable = peers.filter((peer) => peer.trust === 'trusted' && peer.state === 'alive').slice(0, PEERS_ASKED);
  return [
    {
      name: 'gateway',
      verdict: 'ok',
      detail: `${node.name} (${node.shortId}), version ${node.version}, at ${api.url}`,
    },
    await pingbackCheck(question, node),
    ...networkChecks(node),
    await documentsCheck(question),
    await diskCheck(question),
    ...(await watchCheck(question)),
    peersCheck(peers, question.kith),
    ...(await Promise.all(usable.map((peer) => peerCheck(api, peer)))).flat(),
  ];
}

/** What the gateway cannot tell without its store; any other error is thrown on. */
function storeCheck(error: unknown): Check {
  if (!(error instanceof CliError) || error.code === undefined) throw error;
  const remedy =
    'Where the services run apart: is Redis running, and is KITH_REDIS_URL right? Else see the log of the node.';
  return { name: 'peer store', verdict: 'failed', detail: error.message, remedy };
}

const DOCUMENT_FAULTS: Record<string, string> = {
  index_away:
    'With Elasticsearch: is it running (KITH_ELASTICSEARCH_URL), and has its disk room? Try: curl $KITH_ELASTICSEARCH_URL/_cluster/health',
  upstream_unreachable: 'Is the exchange running, and does the gateway know its address (KITH_EXCHANGE_URL)?',
  store_away: 'Is Redis running, and is KITH_REDIS_URL right?',
};

async function pingbackCheck({ api, pingbackPort }: NodeQuestion, node: NodeView): Promise<Check> {
  const name = 'pingback';
  const host = new URL(api.url).hostname.replace(/^\[|\]$/g, '').replace('localhost', '127.0.0.1');
  const reply = await askPingback(host, pingbackPort);
  if (typeof reply === 'object' && reply.id === node.id)
    return { name, verdict: 'ok', detail: `answers on port ${pingbackPort}` };
  const detail =
    typeof reply === 'string'
      ? `port ${pingbackPort}: ${reply}`
      : `port ${pingbackPort} is another node’s (${reply.name})`;
  return {
    name,
    verdict: 'failed',
    detail,
    remedy: 'Peers cannot find this node. Is the pingback running, with the same KITH_PINGBACK_PORT?',
  };
}

function networkChecks({ scanner, warnings }: NodeView): Check[] {
  const name = 'network';
  const loud = warnings.map((detail): Check => ({ name: 'identity', verdict: 'failed', detail }));
  if (!scanner) {
    const remedy = 'Is the scanner running? As a service of its own it must run on the host’s network.';
    return [...loud, { name, verdict: 'failed', detail: 'the scanner has not reported', remedy }];
  }
  const used = scanner.interfaces.filter((one) => one.used);
  const unused = scanner.interfaces.filter((one) => !one.used && one.reason);
  const left = unused.map((one) => `${one.name}: ${one.reason}`).join('; ');
  const interfaces: Check =
    used.length > 0
      ? {
          name,
          verdict: 'ok',
          detail: `in use: ${used.map((one) => `${one.name} ${one.addresses.join(' ')}`).join(', ')}`,
        }
      : {
          name,
          verdict: 'warning',
          detail: `no interface is in use${left ? ` (${left})` : ''}`,
          remedy: 'Connect to a network; to use a VPN or virtual one, name it in KITH_INTERFACES.',
        };
  return [...loud, interfaces, ...scanner.remarks.map((detail): Check => ({ name, verdict: 'warning', detail }))];
}

async function documentsCheck({ api }: NodeQuestion): Promise<Check> {
  const name = 'documents';
  try {
    const status = await api.get('/api/status', exchangeStatusSchema);
    const [problem] = status.problems ?? [];
    const detail = `${status.documents} documents, ${status.queued} waiting to be indexed`;
    if (!problem) return { name, verdict: 'ok', detail };
    const more = `${status.problems?.length} file(s) with problems, the newest: ${problem.path}: ${problem.message}`;
    return { name, verdict: 'warning', detail: `${detail}; ${more}` };
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode === EXIT.notRunning) throw error;
    const fault = DOCUMENT_FAULTS[error.code ?? ''];
    if (fault) return { name, verdict: 'failed', detail: error.message, remedy: fault };
    const remedy =
      'See the log of the exchange. With KITH_UPSTREAM another web app stands here, and this is as it should be.';
    return { name, verdict: 'warning', detail: error.message, remedy };
  }
}

async function diskCheck({ dataDirectory }: NodeQuestion): Promise<Check> {
  const name = 'disk';
  const disk = await statfs(dataDirectory).catch(() => undefined);
  if (!disk) return { name, verdict: 'skipped', detail: `no data folder ${dataDirectory} on this machine` };
  const free = disk.bavail * disk.bsize;
  const detail = `${sizeText(free)} free for ${dataDirectory}`;
  if (free >= LITTLE_DISK) return { name, verdict: 'ok', detail };
  return {
    name,
    verdict: free < LITTLE_DISK / 10 ? 'failed' : 'warning',
    detail,
    remedy: 'Make room: uploads and the index need it.',
  };
}

/** Linux watches each folder by itself, and counts them for each user. */
async function watchCheck({ api }: NodeQuestion): Promise<Check[]> {
  const text = await readFile('/proc/sys/fs/inotify/max_user_watches', 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const limit = Number(text);
  const { shares } = await api.get('/api/shares', sharesSchema).catch(() => ({ shares: [] }));
  const files = shares.reduce((sum, share) => sum + share.files, 0);
  const detail = `${limit} folders may be watched; ${files} files are shared`;
  if (limit >= Math.max(8192, files / 4)) return [{ name: 'watching', verdict: 'ok', detail }];
  const remedy = 'If changes are noticed late: sudo sysctl fs.inotify.max_user_watches=524288';
  return [{ name: 'watching', verdict: 'warning', detail, remedy }];
}

function peersCheck(peers: readonly PeerView[], kith: string): Check {
  const name = 'peers';
  const alive = peers.filter((peer) => peer.state === 'alive');
  const pending = alive.filter((peer) => peer.trust === 'pending').length;
  const detail = `${alive.length} here, ${peers.length - alive.length} away, ${pending} pending`;
  if (alive.length > 0) return { name, verdict: 'ok', detail };
  return {
    name,
    verdict: 'warning',
    detail,
    remedy: `If one should be here, ask for its address: ${kith} doctor 192.168.1.20`,
  };
}

async function peerCheck(api: Api, peer: PeerView): Promise<Check[]> {
  const name = 'peer';
  const who = `${plainLine(peer.name)} (${peer.shortId})`;
  const answer = await api
    .raw(`/peers/${peer.id}/api/status`, { signal: AbortSignal.timeout(5000) })
    .catch((error: Error) => error);
  if (!(answer instanceof Response)) return [{ name, verdict: 'failed', detail: `${who}: ${answer.message}` }];
  if (!answer.ok) {
    const detail = `${who}: ${(await refusal(answer)).message}`;
    const remedy = answer.status === 403 ? 'Its owner must approve this node, too.' : undefined;
    return [{ name, verdict: 'failed', detail, ...(remedy ? { remedy } : {}) }];
  }
  await answer.body?.cancel();
  const off = Date.parse(answer.headers.get('date') ?? '') - Date.now();
  const reached: Check = { name, verdict: 'ok', detail: `${who} answers` };
  if (!(Math.abs(off) > CLOCK_OFF_MS)) return [reached];
  const detail = `${who} has a clock that differs by ${Math.round(Math.abs(off) / 60_000)} min: times of documents will look wrong`;
  return [
    reached,
    { name: 'clock', verdict: 'warning', detail, remedy: 'Set the clock of the machine that is wrong.' },
  ];
}
