import { ConfigError } from '@kith/service';
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { auditCommand } from './commands/audit.ts';
import { catCommand } from './commands/cat.ts';
import { codeCommand } from './commands/code.ts';
import { devicesCommand } from './commands/devices.ts';
import { eventsCommand } from './commands/events.ts';
import { getCommand } from './commands/get.ts';
import { openCommand } from './commands/open.ts';
import { peersCommand } from './commands/peers.ts';
import { searchCommand } from './commands/search.ts';
import { shareCommand, unshareCommand } from './commands/share.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { tokenCommand } from './commands/token.ts';
import { doctorCommand } from './doctor/doctor.ts';
import { CliError, EXIT, EXIT_HELP } from './output/exit-codes.ts';
import { plainLines } from './output/plain-text.ts';
import type { Cli, Surroundings } from './output/surroundings.ts';
import { createTerminal } from './output/terminal.ts';

const COMMANDS = [
  startCommand,
  openCommand,
  statusCommand,
  peersCommand,
  devicesCommand,
  shareCommand,
  unshareCommand,
  searchCommand,
  getCommand,
  catCommand,
  codeCommand,
  tokenCommand,
  eventsCommand,
  auditCommand,
  doctorCommand,
];

/** Runs one command line; resolves with the exit code. Everything that can go wrong is told on standard error. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const terminal = createTerminal(surroundings.stdout, surroundings.stderr, surroundings.env);
  const ending = new AbortController();
  let exitCode: number = EXIT.ok;
  const cli: Cli = {
    ...surroundings,
    terminal,
    signal: ending.signal,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  const onInterrupt = () => ending.abort();
  const isStart = args[0] === 'start';
  // `start` handles its signals itself.
  if (!isStart) process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    await program(cli).parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (ending.signal.aborted) return EXIT.interrupted;
    return failure(error, cli);
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

function program(cli: Cli): Command {
  const kith = new Command('kith')
    .description('Finds your neighbours on the local network and searches what they share.')
    .version(packageJson.version)
    .addHelpText('after', `\nEvery command explains itself: ${cli.kith} search --help\n${EXIT_HELP}`)
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      writeErr: (text) => cli.stderr.write(text),
      getOutHelpWidth: () => (cli.terminal.isTTY ? Math.min(cli.terminal.columns, 110) : 110),
    });
  for (const create of COMMANDS) kith.addCommand(withOutput(create(cli), kith));
  return withExit(kith);
}

function withOutput(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  return command;
}

/** Wrong usage throws in place of ending the process. */
function withExit(command: Command): Command {
  command.exitOverride();
  command.commands.forEach(withExit);
  return command;
}

function failure(error: unknown, { stderr, env }: Cli): number {
  // Commander has already said what is wrong, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CliError || error instanceof ConfigError) {
    stderr.write(`${plainLines(error.message)}\n`);
    return error instanceof CliError ? error.exitCode : EXIT.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`This should not have happened:\n${plainLines(detail)}\n`);
  if (env.KITH_LOG_LEVEL === 'debug' && error instanceof Error && error.cause) stderr.write(`${String(error.cause)}\n`);
  return EXIT.failed;
}
