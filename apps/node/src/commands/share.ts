import { resolve } from 'node:path';
import { type Share, shareSchema, sharesSchema } from '@kith/wire';
import type { Command } from 'commander';
import type { Api } from '../ask/api.ts';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { isCompose } from '../output/called-as.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';

/** `kith share [folder…]`: shares folders in place; without one, lists what is shared. */
export function shareCommand(cli: Cli): Command {
  const about = 'Shares folders with the peers that you trust, in place; without a folder, lists what is shared.';
  const inContainer = isCompose(cli.kith);
  const examples = inContainer
    ? ['share /shared/field-notes', 'share', 'share /shared --also tls/a.pem']
    : ['share ~/Documents/field-notes', 'share', 'share ~/Notes --also tls/a.pem'];
  return clientCommand(cli, 'share', about, examples)
    .argument(
      '[folder...]',
      inContainer ? 'folders in the container of the node' : 'folders on the machine of the node',
    )
    .option(
      '--also <path...>',
      'what is left out of the folder for its name (keys, passwords), and shared all the same',
    )
    .addHelpText('after', inContainer ? `${ALSO_HELP}\n\n${CONTAINER_HELP}` : ALSO_HELP)
    .action(async (folders: string[], { also, ...options }: ShareOptions) => {
      if (also && folders.length !== 1) throw new CliError(EXIT.usage, '--also goes with one folder: name it, too.');
      const api = await apiOf(cli, options);
      const added: Share[] = [];
      for (const folder of folders) {
        const path = resolve(cli.cwd, folder);
        const asked = { path, ...(also ? { also: [...(await namedBefore(api, path)), ...also] } : {}) };
        const share = await api.send('POST', '/api/shares', asked, shareSchema).catch((error: unknown) => {
          throw inContainer && error instanceof CliError && error.code === 'bad_request'
            ? new CliError(error.exitCode, `${error.message}\n${CONTAINER_HELP}`, { cause: error })
            : error;
        });
        if (share) added.push(share);
      }
      const shares = folders.length > 0 ? added : (await api.get('/api/shares', sharesSchema)).shares;
      if (options.json) cli.terminal.json({ shares }, 2);
      else if (shares.length === 0) cli.terminal.note(`Nothing is shared yet. Try: ${cli.kith} share ~/Documents`);
      else if (folders.length > 0) for (const { path } of shares) cli.terminal.line(`Shared: ${plainLine(path)}`);
      else listShares(cli, shares);
    });
}

interface ShareOptions extends ClientOptions {
  readonly also?: string[];
}

const ALSO_HELP =
  '\nKeys, passwords, sessions of browsers and the like are left out of every share, and listed as such. --also shares\n' +
  'some of them, by their path in the folder; --also . shares a folder of secrets with all that is in it.';

const CONTAINER_HELP =
  'The node runs in a container, which sees one folder of this machine: the one that .env names as KITH_SHARE_FOLDER (by\n' +
  'default “shared” beside docker-compose.yml). There it is called /shared, and it is shared from the start.';

async function namedBefore(api: Api, path: string): Promise<readonly string[]> {
  const { shares } = await api.get('/api/shares', sharesSchema);
  return shares.find((one) => one.path === path)?.also ?? [];
}

/** `kith unshare <folder…>`: ends sharing; the files stay where they are. */
export function unshareCommand(cli: Cli): Command {
  const about = 'Ends sharing of folders. The files themselves are not touched.';
  return clientCommand(cli, 'unshare', about, ['unshare ~/Documents/field-notes'])
    .argument('<folder...>', 'folders, or ids of shares')
    .action(async (folders: string[], options: ClientOptions) => {
      const api = await apiOf(cli, options);
      const { shares } = await api.get('/api/shares', sharesSchema);
      const chosen = folders.map((folder) => {
        const share = shares.find((one) => one.id === folder || one.path === resolve(cli.cwd, folder));
        if (share) return share;
        throw new CliError(EXIT.notFound, `${folder} is not shared. What is shared: ${cli.kith} share`);
      });
      for (const share of chosen) {
        await api.send('DELETE', `/api/shares/${encodeURIComponent(share.id)}`);
        if (!options.json) cli.terminal.line(`No longer shared: ${plainLine(share.path)}`);
      }
      if (options.json) cli.terminal.json({ unshared: chosen.map(({ id, path }) => ({ id, path })) }, 2);
    });
}

function listShares({ terminal, kith }: Cli, shares: readonly Share[]) {
  terminal.table([
    ['FOLDER', 'FILES', 'NOT READABLE', 'LEFT OUT', 'STATE', 'PROBLEM'],
    ...shares.map((one) => [
      plainLine(one.path),
      String(one.files),
      String(one.failed),
      String(one.leftOut?.count ?? 0),
      one.state,
      plainLine(one.problem ?? ''),
    ]),
  ]);
  for (const { path, leftOut } of shares) {
    if (!leftOut) continue;
    terminal.note(`\nLeft out of ${plainLine(path)}, because others could get in with it:`);
    for (const one of leftOut.some.slice(0, LEFT_OUT_SHOWN))
      terminal.note(`  ${plainLine(one.path)} (${plainLine(one.reason)})`);
    const more = leftOut.count - LEFT_OUT_SHOWN;
    if (more > 0) terminal.note(`  and ${more} more: ${kith} share --json`);
  }
  if (shares.some(({ leftOut }) => leftOut))
    terminal.note(`To share one all the same: ${kith} share FOLDER --also PATH`);
}
const LEFT_OUT_SHOWN = 20;
