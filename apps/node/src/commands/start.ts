import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Cli } from '../output/surroundings.ts';
import { startFlags } from '../settings.ts';
import { addCodeOptions, type CodeOptions, withPairingCode } from '../start/code-options.ts';
import { settingsHelp } from '../start/settings-help.ts';

/** `kith start`: runs a node until Ctrl-C. Also what `npm start` does. */
export function startCommand(cli: Cli): Command {
  const command = new Command('start').description(
    'Runs a node: it finds its neighbours, shows its page and answers searches, until Ctrl-C.',
  );
  for (const { name, value, env, about } of startFlags) command.option(`--${name} <${value}>`, `${about} ($${env})`);
  addCodeOptions(command);
  command.option('--share <folder>', 'folder to be shared; may be given several times ($KITH_SHARE)', collect);
  const npm = cli.kith.startsWith('npm ') ? 'npm start --' : 'kith start';
  command.addHelpText(
    'after',
    `
Examples:
  ${npm} --name ana --share ~/Documents/field-notes
  ${npm} --code                       (asks for the twelve words of kith code)
  ${npm} --code-file ~/pairing-code   (for a start without a person)
  ${npm} --upstream http://127.0.0.1:8080
${settingsHelp()}`,
  );
  return command.action(async (words: string[], given: object) => {
    const options = given as Record<string, string>;
    const { share: folders = [], ...code } = given as { share?: string[] } & CodeOptions;
    const flags = Object.fromEntries(startFlags.map(({ name }) => [name, options[camelCase(name)]]));
    const share = folders.map((folder) => resolve(cli.cwd, folder));
    const env = await withPairingCode(code, words, cli);
    // Loaded only here: the other commands need none of the four services.
    const { runNode } = await import('../start/run-node.ts');
    cli.setExitCode(await runNode({ flags, share }, { ...cli, env }));
  });
}

const collect = (value: string, before: string[] = []) => [...before, value];
const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
