import { type NodeView, nodeViewSchema, type PeerView, peersViewSchema } from '@kith/wire';
import type { Api } from '../ask/api.ts';
import { askPingback } from '../ask/ask-pingback.ts';
import type { Check } from '../output/check.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { clockCheck } from './doctor-clocks.ts';
import { indexChecks } from './doctor-index.ts';
import { diskCheck, watchCheck } from './doctor-machine.ts';
import { askPeers } from './doctor-peers.ts';
import { scannerChecks } from './doctor-scanner.ts';
import { type Remedies, remediesFor } from './remedies.ts';

export interface NodeQuestion {
  readonly api: Api;
  readonly dataDirectory: string;
  readonly pingbackPort: number;
  /** How this program is called. */
  readonly kith: string;
}

/** Whether this node itself is well: its parts, its machine, and the way to each trusted peer. */
export async function nodeChecks(question: NodeQuestion): Promise<Check[]> {
  const { api, dataDirectory, kith } = question;
  const remedies = remediesFor(kith);
  const known = await Promise.all([
    api.get('/_kith/node', nodeViewSchema),
    api.get('/_kith/peers', peersViewSchema),
  ]).catch((error: unknown) => withoutStore(error, remedies));
  const isThere = Array.isArray(known);
  const [node, peers] = isThere ? [known[0], known[1].peers] : [undefined, []];
  const isGatewayAway = !isThere && known.name === 'gateway';
  const first: Check = isThere ? gatewayCheck(known[0], api) : known;
  const documents = isGatewayAway ? [] : await indexChecks({ api, remedies });
  const isDiskTold = documents.some(({ name }) => name === 'disk');
  const asked = await askPeers({ api, peers, pingbackPort: question.pingbackPort });
  return [
    first,
    await pingbackCheck(question, node, remedies),
    ...(await scannerChecks({ api, node, kith, remedies })),
    ...documents,
    ...(isDiskTold ? [] : [await diskCheck(dataDirectory)]),
    ...(isThere ? await watchCheck(api) : []),
    clockCheck({ now: Date.now(), peers: asked.clocks }),
    ...(isThere ? [peersCheck(peers, kith)] : []),
    ...asked.checks,
  ];
}

function gatewayCheck({ name, shortId, version }: NodeView, api: Api): Check {
  return { name: 'gateway', verdict: 'ok', detail: `${name} (${shortId}), version ${version}, at ${api.url}` };
}

/** Why the node says nothing of itself; an error that is no answer to that is thrown on. */
function withoutStore(error: unknown, remedies: Remedies): Check {
  if (!(error instanceof CliError)) throw error;
  if (error.exitCode === EXIT.notRunning)
    return { name: 'gateway', verdict: 'failed', detail: error.message, remedy: remedies.part('gateway') };
  if (error.code === undefined) throw error;
  return { name: 'peer store', verdict: 'failed', detail: error.message, remedy: remedies.part('redis') };
}

async function pingbackCheck(
  { api, pingbackPort }: NodeQuestion,
  node: NodeView | undefined,
  remedies: Remedies,
): Promise<Check> {
  const name = 'pingback';
  const host = new URL(api.url).hostname.replace(/^\[|\]$/g, '').replace('localhost', '127.0.0.1');
  const { reply } = await askPingback(host, pingbackPort);
  if (typeof reply === 'object' && (node === undefined || reply.id === node.id))
    return { name, verdict: 'ok', detail: `answers on port ${pingbackPort}` };
  const detail =
    typeof reply === 'string'
      ? `port ${pingbackPort}: ${reply}`
      : `port ${pingbackPort} is another node’s (${reply.name})`;
  return { name, verdict: 'failed', detail, remedy: remedies.part('pingback') };
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
