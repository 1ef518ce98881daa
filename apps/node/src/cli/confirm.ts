import { createInterface } from 'node:readline/promises';
import { CliError, EXIT } from './exit-codes.ts';
import type { Cli } from './surroundings.ts';

/** Asks a person for yes or no; without a terminal there is nobody to ask, and `otherwise` says which option to give. */
export async function confirm(cli: Cli, question: string, otherwise: string): Promise<boolean> {
  if (!cli.stdin.isTTY || !cli.terminal.isTTY) {
    throw new CliError(EXIT.usage, `This wants an answer from a person, and this is no terminal. ${otherwise}`);
  }
  const lines = createInterface({ input: cli.stdin, output: cli.stdout });
  try {
    const answer = await lines.question(question, { signal: cli.signal });
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    lines.close();
  }
}
