import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readSettings, sharedSettings } from '@kith/service';
import { entranceSchema } from '@kith/wire';
import type { Command } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { isCompose } from '../output/called-as.ts';
import type { Cli } from '../output/surroundings.ts';

/** `kith open`: the page, in the browser of this computer where there is one; else its address, good once. */
export function openCommand(cli: Cli): Command {
  return clientCommand(cli, 'open', 'Opens the page of this node as its owner.', ['open', 'open --print'])
    .option('--print', 'only print an address that opens the page: once, within a minute')
    .action(async (options: ClientOptions & { print?: boolean }) => {
      const api = await apiOf(cli, options);
      const entrance = await api.send('POST', '/_kith/entrance', {}, entranceSchema);
      if (!entrance) throw new Error('the node gave no entrance');
      const { url, page, known } = entrance;
      if (options.json) return cli.terminal.json({ url, page });
      const opener = options.print || isCompose(cli.kith) || !cli.terminal.isTTY ? undefined : browserOpener(cli.env);
      // A user that the kernel knows needs no secret; any other gets it in a file, for every user reads a command line.
      const address = opener && (known ? page : await privatePage(cli, url));
      if (opener && address && (await run(opener, address))) return cli.terminal.note(`Opened ${page}`);
      cli.terminal.note('Open this address in a browser on this computer, within a minute; it is good once:');
      return cli.terminal.line(url);
    });
}

type Opener = (address: string) => [command: string, ...words: string[]];

function browserOpener(env: Cli['env']): Opener | undefined {
  if (process.platform === 'darwin') return (address) => ['open', address];
  if (process.platform === 'win32') return (address) => ['rundll32', 'url.dll,FileProtocolHandler', address];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? (address) => ['xdg-open', address] : undefined;
}

/** A file that only this user reads and that leads to `url`; undefined where it cannot be written. */
async function privatePage({ env }: Cli, url: string): Promise<string | undefined> {
  const { dataDirectory } = readSettings({ dataDirectory: sharedSettings.dataDirectory }, env);
  const path = join(dataDirectory, 'open.html');
  const html = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Kith</title>\n`;
  return writeFile(path, html, { mode: 0o600 }).then(
    () => pathToFileURL(path).href,
    () => undefined,
  );
}

function run(opener: Opener, address: string): Promise<boolean> {
  const [command, ...words] = opener(address);
  return new Promise((resolve) => {
    const child = spawn(command, words, { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    // An opener that stays as long as its browser has opened it.
    setTimeout(() => resolve(true), 3000).unref();
    child.unref();
  });
}
