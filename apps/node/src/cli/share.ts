import { resolve } from 'node:path';
import { type Share, shareSchema, sharesSchema } from '@kith/wire';
import type { Command } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from './client-command.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { plainLine } from './plain-text.ts';
import type { Cli } from './surroundings.ts';

/** `kith share [folder…]`: shares folders in place; without one, lists what is shared. */
export function shareCommand(cli: Cli): Command {
  const about = 'Shares folders with the peers that you trust, in place; without a folder, lists what is shared.';
  return clientCommand(cli, 'share', about, ['share ~/Documents/field-notes', 'share'])
    .argument('[folder...]', 'folders on the machine of the node')
    .action(async (folders: string[], options: ClientOptions) => {
      const api = await apiOf(cli, options);
      const added: Share[] = [];
      for (const folder of folders) {
        const share = await api.send('POST', '/api/shares', { path: resolve(cli.cwd, folder) }, shareSchema);
        if (share) added.push(share);
      }
      const shares = folders.length > 0 ? added : (await api.get('/api/shares', sharesSchema)).shares;
      if (options.json) cli.terminal.json({ shares }, 2);
      else if (shares.length === 0) cli.terminal.note(`Nothing is shared yet. Try: ${cli.kith} share ~/Documents`);
      else if (folders.length > 0) for (const { path } of shares) cli.terminal.line(`Shared: ${plainLine(path)}`);
      else listShares(cli, shares);
    });
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

function listShares({ terminal }: Cli, shares: readonly Share[]) {
  terminal.table([
    ['FOLDER', 'FILES', 'NOT READABLE', 'STATE', 'PROBLEM'],
    ...shares.map((one) => [
      plainLine(one.path),
      String(one.files),
      String(one.failed),
      one.state,
      plainLine(one.problem ?? ''),
    ]),
  ]);
}
