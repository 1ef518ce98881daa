import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { startCall } from '../output/called-as.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';
import { askCode } from './ask-code.ts';

export interface CodeOptions {
  /** True for `--code` alone; words where somebody has typed them behind it. */
  readonly code?: true | readonly string[];
  readonly codeFile?: string;
}

/** The two ways to give a node its pairing code, neither of which shows it to other users of the computer. */
export function addCodeOptions(command: Command): Command {
  return command
    .usage('[options]')
    .argument('[words...]')
    .option('--code [words...]', 'asks for the pairing code; words behind it are refused')
    .option('--code-file <file>', 'takes the pairing code from this file, which only you should be able to read');
}

/**
 * The environment with the pairing code in it, asked for or named by its file. Refuses words on the command line, those
 * that belong to no option (`rest`) too, without repeating them.
 */
export async function withPairingCode(
  { code, codeFile }: CodeOptions,
  rest: readonly string[],
  cli: Cli,
): Promise<Cli['env']> {
  const npmTook = cli.env.npm_config_code;
  const start = startCall(cli.kith);
  const call = (flag: string) => (start.startsWith('npm ') ? `${start} -- ${flag}` : `${start} ${flag}`);
  const isWords = rest.join(' ').split(' ').length >= 12;
  if (Array.isArray(code) || isWords || (npmTook && (npmTook !== 'true' || rest.length > 0))) throw onTheLine(call);
  if (npmTook) {
    throw new CliError(EXIT.usage, `npm took --code for itself. With two more dashes it gets here: ${call('--code')}`);
  }
  if (rest.length > 0) {
    throw new CliError(EXIT.usage, `${rest.length} words too many behind start: it takes options only (--help).`);
  }
  if (code === true && codeFile !== undefined) {
    throw new CliError(
      EXIT.usage,
      'The pairing code is either asked for (--code) or in a file (--code-file): give one.',
    );
  }
  const { KITH_PAIRING_CODE: _words, KITH_PAIRING_CODE_FILE: _file, ...env } = cli.env;
  if (codeFile !== undefined) {
    const file = resolve(cli.cwd, codeFile);
    await warnIfOpen(file, cli);
    return { ...env, KITH_PAIRING_CODE_FILE: file };
  }
  return code === true ? { ...env, KITH_PAIRING_CODE: await askCode(cli) } : cli.env;
}

const onTheLine = (call: (flag: string) => string) =>
  new CliError(
    EXIT.usage,
    `The words of a pairing code do not belong on the command line: every user of this computer can read it there, and
the shell keeps it. Nothing was started. Either of these does it:
  ${call('--code')}             asks for the words; paste them then
  ${call('--code-file FILE')}   takes them from a file that only you can read
If other people use this computer, make new words first (kith code): these may have been seen.`,
  );

/** A file that others may read is no secret. */
async function warnIfOpen(file: string, { stderr }: Cli): Promise<void> {
  if (process.platform === 'win32') return;
  const mode = await stat(file).then(
    (facts) => facts.mode,
    () => 0,
  );
  if ((mode & 0o077) !== 0) {
    stderr.write(`Other users of this computer can read ${plainLine(file)}: chmod 600 makes it yours alone.\n`);
  }
}
