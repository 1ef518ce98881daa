import { createInterface } from 'node:readline/promises';
import type { Cli } from './surroundings.ts';

/** Whether a person sits at this terminal. */
export const canAsk = ({ stdin, terminal }: Cli): boolean => stdin.isTTY === true && terminal.isTTY;

/** What a person types on one line; to be asked only where `canAsk`. */
export async function askPerson(cli: Cli, question: string): Promise<string> {
  const lines = createInterface({ input: cli.stdin, output: cli.stdout });
  try {
    return await lines.question(question, { signal: cli.signal });
  } finally {
    lines.close();
  }
}
