import { resolve } from 'node:path';
import { readSettings, sharedSettings } from '@kith/service';
import { Command } from 'commander';
import { localUrl } from '../local-url.ts';
import { startCall } from '../output/called-as.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { Cli } from '../output/surroundings.ts';
import { readNodeFile } from '../start/node-file.ts';
import { type Api, createApi } from './api.ts';
import { namedToken, ownToken } from './owner-token.ts';

export interface ClientOptions {
  readonly json?: boolean;
  readonly node?: string;
  readonly tokenFile?: string;
}

/** A command that talks to the running node: with `--json`, `--node` and examples in its help. */
export function clientCommand(cli: Cli, name: string, about: string, examples: readonly string[]): Command {
  const help = `\nExamples:\n${examples.map((one) => `  ${cli.kith} ${one}`).join('\n')}`;
  return new Command(name)
    .description(about)
    .option('--json', 'answer as JSON')
    .option('--node <url>', 'the node to ask (default: $KITH_NODE, else the one of this machine)')
    .option(
      '--token-file <file>',
      'owner’s token to show (default: $KITH_TOKEN_FILE, else the one of this user’s node)',
    )
    .addHelpText('after', help);
}

/** The node that the person means: --node, $KITH_NODE, the one that runs on the data directory, else the usual port. */
export async function apiOf(cli: Cli, options: ClientOptions): Promise<Api> {
  const start = startCall(cli.kith);
  const url = await urlOf(cli, options);
  const named = options.tokenFile ?? (cli.env.KITH_TOKEN_FILE || undefined);
  const { dataDirectory } = readSettings({ dataDirectory: sharedSettings.dataDirectory }, cli.env);
  const token = named === undefined ? await ownToken(dataDirectory, url) : await namedToken(resolve(cli.cwd, named));
  return createApi({ url, start, token });
}

async function urlOf(cli: Cli, options: ClientOptions): Promise<string> {
  const given = options.node ?? cli.env.KITH_NODE;
  if (given) return originOf(given);
  const { dataDirectory, bind, gatewayPort } = sharedSettings;
  const values = readSettings({ dataDirectory, bind, gatewayPort }, cli.env);
  const file = await readNodeFile(values.dataDirectory);
  return file?.url ?? localUrl({ bind: values.bind, port: values.gatewayPort });
}

function originOf(text: string): string {
  const url = URL.parse(/^https?:\/\//.test(text) ? text : `http://${text}`);
  if (url?.protocol === 'http:') return url.origin;
  throw new CliError(EXIT.usage, `${JSON.stringify(text)} is no address of a node. Accepted: http://127.0.0.1:5805`);
}
