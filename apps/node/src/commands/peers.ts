import { type PeerView, peersViewSchema, peerViewSchema } from '@kith/wire';
import type { Command } from 'commander';
import type { Api } from '../ask/api.ts';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';
import { agoText, utcText } from '../output/time-text.ts';
import { eventsUntil, momentOf, peersAt } from './peers-at.ts';
import { type TrustOptions, trustPeer } from './trust-peer.ts';

const pathOf = (peer: string) => `/_kith/peers/${encodeURIComponent(peer)}`;

/** `kith peers`, `kith peers trust|block|forget <peer>`. */
export function peersCommand(cli: Cli): Command {
  const command = clientCommand(cli, 'peers', 'Nodes that were found, and what they may do.', [
    'peers',
    'peers --at 10:00',
    'peers trust ben',
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
    run: (api: Api, peer: string, options: ClientOptions & TrustOptions) => Promise<string>,
  ) =>
    command
      .command(`${name} <peer>`)
      .description(about)
      .option('--json', 'answer as JSON')
      .option('--node <url>', 'the node to ask')
      .action(async (peer: string, _own: unknown, self: Command) => {
        const options = self.optsWithGlobals<ClientOptions & TrustOptions>();
        const api = await apiOf(cli, options);
        const said = await run(api, peer, options);
        if (options.json) {
          const view = name === 'forget' ? undefined : await api.get(pathOf(peer), peerViewSchema);
          cli.terminal.json({ done: name, ...(view ? { peer: view } : {}) }, 2);
        } else cli.terminal.line(said);
      });
  decision(
    'trust',
    'Compares numbers with a peer’s owner, who does the same there; the same number: it may search and fetch.',
    (api, peer, options) => trustPeer(cli, api, peer, options),
  )
    .option('--number <digits>', 'the six digits that the other owner sees, in place of the question')
    .option('--without-comparing', 'trust it unseen: whoever poses as it on this network is trusted, too');
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

const shown = (peer: PeerView) => `${plainLine(peer.name)} (${peer.shortId})`;

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
    ['NAME', 'LABEL', 'ID', 'STATE', 'TRUST', 'DOCUMENTS', 'ADDRESS', 'SEEN'],
    ...peers.map((peer) => [
      plainLine(peer.name),
      peer.label,
      peer.shortId,
      peer.state,
      peer.pairing === 'knocked' ? 'wants to compare' : (peer.pairing ?? peer.trust),
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
    terminal.note(
      `\nTo trust a pending one, compare numbers with its owner, who does the same there: ${cli.kith} peers trust <name>`,
    );
}
