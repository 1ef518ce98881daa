import { link, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { downloadFrom } from '../ask/download.ts';
import { type Holder, holdersOf, sourcesOf } from '../ask/holders.ts';
import { chosenDocument } from '../ask/last-search.ts';
import { safeFileName } from '../ask/safe-file-name.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { Cli } from '../output/surroundings.ts';
import { sizeText } from '../output/time-text.ts';

interface GetOptions extends ClientOptions {
  readonly output?: string;
  readonly force?: boolean;
}

/** `kith get <hash or number>`: fetches a document from whoever has it. */
export function getCommand(cli: Cli): Command {
  const about = 'Fetches a document from any node that has it, and checks it.';
  return clientCommand(cli, 'get', about, ['get 1', 'get 1 -o notes.md', 'get 3f2a9c0145de -o ~/Downloads'])
    .argument('<document>', 'number of a result of the last search, or a document’s hash')
    .option('-o, --output <path>', 'file, or folder that exists (default: the document’s name in the current folder)')
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      '\nA transfer that breaks off goes on with another holder; run the command again to resume it.',
    )
    .action(async (text: string, options: GetOptions) => {
      const api = await apiOf(cli, options);
      const document = await chosenDocument(cli, text);
      const { hash } = document;
      const problems: string[] = [];
      let target: string | undefined;
      const holders = [];
      for await (const holder of holdersOf(api, hash, await sourcesOf(api, document))) {
        target ??= await targetOf(cli, options, holder, hash);
        holders.push(holder);
        const got = await tryHolder(holder, target);
        if (got) return;
      }
      // Somebody's bytes were wrong, and it was not clear whose: once more, from the start, each alone.
      for (const holder of problems.some((one) => one.includes('wrong content')) ? holders : []) {
        if (target !== undefined && (await tryHolder(holder, target))) return;
      }
      throw new CliError(
        EXIT.failed,
        `The document could not be fetched: ${problems.join('; ')}. Run the command again to go on.`,
      );

      async function tryHolder(holder: Holder, path: string): Promise<boolean> {
        const partFile = `${path}.${hash.slice(0, 8)}.kith-part`;
        const outcome = await downloadFrom({
          api,
          hash,
          holder,
          partFile,
          signal: cli.signal,
          onProgress: progress(cli),
        });
        if (cli.terminal.isTTY) cli.stderr.write('\r\u001b[K');
        if (outcome !== 'done') {
          problems.push(`${holder.name} ${WORDS[outcome]}`);
          return false;
        }
        await putInPlace(partFile, path, options.force === true);
        if (options.json) cli.terminal.json({ path, hash, size: holder.size, from: holder.name }, 2);
        else cli.terminal.line(`${path} (${sizeText(holder.size)}, from ${holder.name}, content checked)`);
        return true;
      }
    });
}

const WORDS = {
  'cut-off': 'broke off',
  refused: 'refused',
  'wrong-content': 'or one before it sent wrong content',
} as const;

/** Where the document goes; the peer's name for it is only a proposal. */
async function targetOf(cli: Cli, options: GetOptions, holder: Holder, hash: string): Promise<string> {
  const own = safeFileName(holder.fileName, `document-${hash.slice(0, 12)}`);
  const given = options.output === undefined ? undefined : resolve(cli.cwd, options.output);
  const isFolder = given !== undefined && (await stat(given).catch(() => undefined))?.isDirectory() === true;
  const target = given === undefined ? resolve(cli.cwd, own) : isFolder ? join(given, own) : given;
  if (!options.force && (await stat(target).catch(() => undefined))) {
    throw new CliError(
      EXIT.failed,
      `${target} is there already: choose another name with -o, or replace it with --force.`,
    );
  }
  if (!(await stat(dirname(target)).catch(() => undefined))?.isDirectory()) {
    throw new CliError(EXIT.failed, `There is no folder ${dirname(target)}: make it first.`);
  }
  const disk = await statfs(dirname(target)).catch(() => undefined);
  const free = disk ? disk.bavail * disk.bsize : holder.size;
  if (free < holder.size) {
    const text = `The disk of ${dirname(target)} has room for ${sizeText(free)}, the document has ${sizeText(holder.size)}.`;
    throw new CliError(EXIT.failed, text);
  }
  return target;
}

async function putInPlace(partFile: string, target: string, force: boolean) {
  if (force) return rename(partFile, target);
  try {
    // A link fails where the target has come into being meanwhile; a rename would replace it.
    await link(partFile, target);
    await rm(partFile);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new CliError(EXIT.failed, `${target} is there already; the document is in ${basename(partFile)}.`);
    // File systems without hard links (FAT).
    await rename(partFile, target);
  }
}

function progress(cli: Cli) {
  if (!cli.terminal.isTTY) return () => {};
  let shownAt = 0;
  return (bytes: number, size: number) => {
    if (performance.now() - shownAt < 100) return;
    shownAt = performance.now();
    cli.stderr.write(`\r\u001b[K${sizeText(bytes)} of ${sizeText(size)}`);
  };
}
