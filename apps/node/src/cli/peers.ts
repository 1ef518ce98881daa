import { type PeerView, peersViewSchema, peerViewSchema } from '@kith/wire';
import type { Command } from 'commander';
import type { Api } from './api.ts';
import { apiOf, type ClientOptions, clientCommand } from './client-command.ts';
import { confirm } from './confirm.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { eventsUntil, momentOf, peersAt } from './peers-at.ts';
import { plainLine } from './plain-text.ts';
import type { Cli } from './surroundings.ts';
import { agoText, utcText } from './time-text.ts';

const pathOf = (peer: string) => `/_kith/peers/${encodeURIComponent(peer)}`;

/** `kith peers`, `kith peers trust|block|forget <peer>`. */
export function peersCommand(cli: Cli): Command {
  const command = clientCommand(cli, 'peers', 'Nodes that were found, and what they may do.', [
    'peers',
    'peers --at 10:00',
    'peers trust ben',
    'peers trust ben --number 493018',
    'peers block eve',
  ]).option('--at <time>', 'who was here then, from the events that are kept', (text) => momentOf(text, new Date()));
  command.action(async (options: ClientOptions & { readonly at?: number }) => {
    const api = await apiOf(cli, options);
    if (options.at !== undefined) return listPeersAt(cli, api, options.at, options.json === true);
    const { peers } = await api.get('/_kith/peers', peersViewSchema);
    if (options.json) cli.terminal.json({ peers }, 2);
    else if (peers.length === 0) cli.terminal.note('No peers yet. Start Kith on another machine of this network.');
    else listPeers(cli, peers);
  });
  const decision = (
    name: string,
    about: string,
    run: (api: Api, peer: string, options: TrustOptions) => Promise<string>,
  ) =>
    command
      .command(`${name} <peer>`)
      .description(about)
      .option('--json', 'answer as JSON')
      .option('--node <url>', 'the node to ask')
      .action(async (peer: string, _own: unknown, self: Command) => {
        const options = self.optsWithGlobals<TrustOptions>();
        const api = await apiOf(cli, options);
        const said = await run(api, peer, options);
        if (options.json) {
          const view = name === 'forget' ? undefined : await api.get(pathOf(peer), peerViewSchema);
          cli.terminal.json({ done: name, ...(view ? { peer: view } : {}) }, 2);
        } else cli.terminal.line(said);
      });
  decision('trust', 'Lets a peer search and fetch, once its owner sees the same number.', (api, peer, options) =>
    trust(cli, api, peer, options),
  )
    .option('--number <digits>', 'the six digits that the other owner sees; refused if they differ')
    .option('--yes', 'do not ask (the two numbers were compared)');
  decision('block', 'Gives a peer nothing from now on.', async (api, peer) => {
    const view = await api.send('POST', `${pathOf(peer)}/trust`, { trust: 'blocked' }, peerViewSchema);
    return `${view ? shown(view) : peer} is blocked.`;
  });
  decision(
    'forget',
    'Drops what is known of a peer; if it is still there, it comes back as new.',
    async (api, peer) => {
      const view = await api.get(pathOf(peer), peerViewSchema);
      await api.send('DELETE', pathOf(view.id));
      return `${shown(view)} is forgotten.`;
    },
  );
  return command;
}

interface TrustOptions extends ClientOptions {
  readonly number?: string;
  readonly yes?: boolean;
}

async function trust(cli: Cli, api: Api, text: string, options: TrustOptions): Promise<string> {
  const peer = await api.get(pathOf(text), peerViewSchema);
  if (peer.trust === 'trusted' && peer.trustedBy === 'owner') return `${shown(peer)} is trusted already.`;
  for (const warning of peer.warnings) cli.terminal.note(`! ${plainLine(warning)}`);
  const digits = options.number?.replaceAll(/\D/g, '');
  if (digits !== undefined) {
    if (peer.check === undefined) throw new CliError(EXIT.failed, noNumber(peer));
    if (digits !== peer.check)
      throw new CliError(
        EXIT.failed,
        `The numbers differ: this node computed ${spaced(peer.check)}. Somebody may stand between the two: do not trust ${shown(peer)}.`,
      );
  } else if (!options.yes) {
    if (peer.check === undefined) throw new CliError(EXIT.failed, noNumber(peer));
    const question = `${shown(peer)} has the number ${spaced(peer.check)}. Does its owner see the same one? [y/N] `;
    if (!(await confirm(cli, question, 'Say --number with the digits that its owner sees, or --yes.'))) {
      throw new CliError(EXIT.failed, 'Nothing was changed.');
    }
  }
  await api.send('POST', `${pathOf(peer.id)}/trust`, { trust: 'trusted' }, peerViewSchema);
  return `${shown(peer)} is trusted: it may search and fetch what this node shares.`;
}

const shown = (peer: PeerView) => `${plainLine(peer.name)} (${peer.shortId})`;
const spaced = (digits: string) => digits.replace(/^(\d{3})(\d{3})$/, '$1 $2');
const noNumber = (peer: PeerView) =>
  `There is no number to compare with ${shown(peer)} yet: both nodes must have met. Wait a moment, or say --yes to go on without it.`;

async function listPeersAt({ terminal }: Cli, api: Api, at: number, asJson: boolean) {
  const peers = peersAt(await eventsUntil(api, at), at);
  if (asJson) terminal.json({ at, peers }, 2);
  else if (peers.length === 0) terminal.note('Nobody was here then, as far as the events go back.');
  else for (const { at: since, message } of peers) terminal.line(`${utcText(since)} ${plainLine(message)}`);
}

function listPeers(cli: Cli, peers: readonly PeerView[]) {
  const { terminal } = cli;
  const now = Date.now();
  terminal.table([
    ['NAME', 'LABEL', 'ID', 'STATE', 'TRUST', 'NUMBER', 'DOCUMENTS', 'ADDRESS', 'SEEN'],
    ...peers.map((peer) => [
      plainLine(peer.name),
      peer.label,
      peer.shortId,
      peer.state,
      peer.trust,
      peer.trust === 'pending' && peer.check ? spaced(peer.check) : '',
      String(peer.documents ?? ''),
      peer.addresses[0]?.address ?? '',
      agoText(peer.lastSeenAt, now),
    ]),
  ]);
  for (const peer of peers) {
    for (const warning of peer.warnings)
      terminal.line(terminal.style('yellow', `! ${shown(peer)}: ${plainLine(warning)}`));
  }
  if (peers.some((peer) => peer.trust === 'pending'))
    terminal.note(`\nTo trust a pending one, compare numbers with its owner, then: ${cli.kith} peers trust <name>`);
}
