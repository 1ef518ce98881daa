import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { parsePairingCode } from '@kith/identity';
import { codeOf } from '@kith/service';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { Cli } from '../output/surroundings.ts';

const WORDS = 12;
const TRIES = 3;
const MAX_LENGTH = 4096;
const QUESTION = 'Pairing code (the twelve words; nothing is shown while you type or paste them): ';

/**
 * The words of a pairing code from a person, who sees nothing of what is typed or pasted, or from standard input where
 * that is no terminal. Line breaks between the words do not matter. Throws a CliError where none come.
 */
export async function askCode(cli: Pick<Cli, 'stdin' | 'stderr' | 'signal'>): Promise<string> {
  const { stdin, stderr } = cli;
  const isPerson = stdin.isTTY === true;
  // A terminal that is read by this library shows only what the library writes, and that goes nowhere.
  const lines = createInterface({ input: stdin, output: NOWHERE, terminal: isPerson, historySize: 0 });
  const iterator = lines[Symbol.asyncIterator]();
  const interrupted = Promise.withResolvers<never>();
  interrupted.promise.catch(() => {});
  const interrupt = () => interrupted.reject(new CliError(EXIT.interrupted, ''));
  lines.on('SIGINT', interrupt);
  cli.signal.addEventListener('abort', interrupt, { once: true });
  const line = async (): Promise<string | undefined> => {
    const next = await Promise.race([iterator.next(), interrupted.promise]);
    if (isPerson) stderr.write('\n');
    return next.done ? undefined : next.value;
  };
  try {
    for (let tries = 1; ; tries += 1) {
      const words = await readWords(line, (text) => isPerson && stderr.write(text));
      const problem = words === undefined ? 'No words came.' : problemOf(words);
      if (words !== undefined && problem === undefined) return words;
      const isOver = !isPerson || words === undefined || tries === TRIES;
      if (isOver) throw new CliError(EXIT.usage, `${problem} Nothing was started.`);
      stderr.write(`${problem}\n`);
    }
  } finally {
    cli.signal.removeEventListener('abort', interrupt);
    lines.close();
    stdin.pause();
  }
}

/** Lines until there are twelve words, an empty line or the end. */
async function readWords(line: () => Promise<string | undefined>, say: (text: string) => void) {
  let text = '';
  say(QUESTION);
  for (;;) {
    const next = await line();
    text = `${text} ${next ?? ''}`.trim().slice(0, MAX_LENGTH);
    if (next === undefined) return text === '' ? undefined : text;
    const count = text.split(/[\s,;.-]+/).filter(Boolean).length;
    if (count >= WORDS || next.trim() === '') return text;
    say(`${count} of ${WORDS} words so far; go on (an empty line ends): `);
  }
}

function problemOf(words: string): string | undefined {
  try {
    parsePairingCode(words);
    return undefined;
  } catch (error) {
    if (codeOf(error) !== 'weak_pairing_code') throw error;
    return (error as Error).message;
  }
}

const NOWHERE = new Writable({ write: (_chunk, _encoding, done) => done() });
