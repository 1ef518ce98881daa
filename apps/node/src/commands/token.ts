import { ownerTokenPath, renewOwnerToken } from '@kith/identity';
import { readSettings, sharedSettings } from '@kith/service';
import { Command } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { Cli } from '../output/surroundings.ts';

/** `kith token`: where the owner's token is, and `kith token renew`. */
export function tokenCommand(cli: Cli): Command {
  const dataDirectory = () => readSettings({ dataDirectory: sharedSettings.dataDirectory }, cli.env).dataDirectory;
  const renew = clientCommand(cli, 'renew', 'Makes a new token: the old one and every page opened with it end.', [
    'token renew',
  ]).action(async (options: ClientOptions) => {
    const api = await apiOf(cli, options);
    try {
      await api.send('POST', '/_kith/token/renew', {});
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode !== EXIT.notRunning) throw error;
      await renewOwnerToken(dataDirectory());
    }
    if (options.json) return cli.terminal.json({ renewed: true });
    return cli.terminal.note(
      `There is a new token. Pages that needed one are opened again with \`${cli.kith} open\`; programs read the new one from the file.`,
    );
  });
  return new Command('token')
    .description('The token that shows a program to be the owner’s: says in which file it is.')
    .addHelpText('after', `\nExamples:\n  ${cli.kith} token\n  ${cli.kith} token renew`)
    .action(() => cli.terminal.line(ownerTokenPath(dataDirectory())))
    .addCommand(renew);
}
