import {
  exchangeStatusSchema,
  type NodeView,
  nodeViewSchema,
  type PeerView,
  peersViewSchema,
  sharesSchema,
} from '@kith/wire';
import type { Command } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { CliError } from '../output/exit-codes.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';

/** `kith status`: who this node is, what it shares, whom it sees. */
export function statusCommand(cli: Cli): Command {
  return clientCommand(cli, 'status', 'Who this node is, what it shares, whom it sees.', [
    'status',
    'status --json',
  ]).action(async (options: ClientOptions) => {
    const api = await apiOf(cli, options);
    const [node, { peers }] = await Promise.all([
      api.get('/_kith/node', nodeViewSchema),
      api.get('/_kith/peers', peersViewSchema),
    ]);
    // Another web app may stand in place of the exchange: then there is nothing to say of documents.
    const orNothing = (error: unknown) => {
      if (error instanceof CliError) return undefined;
      throw error;
    };
    const exchange = await api.get('/api/status', exchangeStatusSchema).catch(orNothing);
    const shared = exchange && (await api.get('/api/shares', sharesSchema).catch(orNothing));
    if (options.json) {
      cli.terminal.json({ url: api.url, node, peers, exchange, shares: shared?.shares }, 2);
      return;
    }
    const { terminal } = cli;
    const rows: [string, string][] = [
      ['Node', `${plainLine(node.name)} (${node.shortId}), version ${node.version}`],
      ['Page', `${api.url}/`],
      ['Addresses', node.addresses.join(', ') || 'none: this machine has no network'],
      ['Network', networkText(node)],
      ['Peers', peersText(peers)],
    ];
    if (exchange)
      rows.push([
        'Documents',
        `${exchange.documents ?? 'not counted'}${exchange.queued > 0 ? `, ${exchange.queued} waiting to be indexed` : ''}`,
      ]);
    for (const { path, files, failed, state, problem } of shared?.shares ?? []) {
      const more = `${failed > 0 ? `, ${failed} not readable` : ''}${state === 'watching' ? '' : `, ${state}`}`;
      rows.push(['Shared', `${plainLine(path)} (${files} files${more})${problem ? `: ${plainLine(problem)}` : ''}`]);
    }
    for (const [head, text] of rows) terminal.line(`${terminal.style('dim', head.padEnd(10))} ${text}`);
    const faults = exchange?.faults?.map(({ message, remedy }) => `${message} ${remedy}`) ?? [];
    const findings = exchange?.index?.findings.map(({ message }) => message) ?? [];
    for (const text of [...faults, ...node.warnings, ...findings, ...(node.scanner?.remarks ?? [])]) {
      terminal.line(terminal.style('yellow', `! ${plainLine(text)}`));
    }
  });
}

function networkText({ scanner }: NodeView): string {
  if (!scanner) return 'the scanner has not reported yet';
  const used = scanner.interfaces.filter((one) => one.used);
  const list = used.map((one) => `${one.name}${one.defaultGateway ? ` (default gateway ${one.defaultGateway})` : ''}`);
  return `${list.join(', ') || 'no interface in use'}${scanner.sweeping ? ', sweeping now' : ''}`;
}

function peersText(peers: readonly PeerView[]): string {
  const count = (test: (peer: PeerView) => boolean) => peers.filter(test).length;
  const alive = count((peer) => peer.state === 'alive');
  const pending = count((peer) => peer.trust === 'pending' && peer.state === 'alive');
  return `${alive} here, ${peers.length - alive} away${pending > 0 ? `; ${pending} waiting for your approval (peers)` : ''}`;
}
