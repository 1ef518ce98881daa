import { documentTextSchema } from '@kith/wire';
import type { Command } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { holdersOf, sourcesOf } from '../ask/holders.ts';
import { chosenDocument } from '../ask/last-search.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { plainLines } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';

const PIECE = 100_000;

/** `kith cat <hash or number>`: the text of a document. */
export function catCommand(cli: Cli): Command {
  const about = 'Prints the text of a document, from any node that has it. For its exact bytes, use get.';
  return clientCommand(cli, 'cat', about, ['cat 1', 'cat 1 | less'])
    .argument('<document>', 'number of a result of the last search, or a document’s hash')
    .action(async (text: string, options: ClientOptions) => {
      const api = await apiOf(cli, options);
      const document = await chosenDocument(cli, text);
      for await (const holder of holdersOf(api, document.hash, await sourcesOf(api, document))) {
        const path = `${holder.prefix}/api/documents/${document.hash}/text`;
        let from = 0;
        let whole = '';
        for (let total = 1; from < total && !cli.signal.aborted; ) {
          const piece = await api.get(`${path}?from=${from}&length=${PIECE}`, documentTextSchema);
          total = piece.total;
          const part = from + piece.text.length < total ? withoutHalf(piece.text) : piece.text;
          from += part.length;
          if (options.json) whole += part;
          else cli.terminal.raw(plainLines(part));
          if (part.length === 0) break;
        }
        if (from === 0) {
          throw new CliError(
            EXIT.notFound,
            `This document has no text that Kith can read. Fetch it: ${cli.kith} get ${text}`,
          );
        }
        if (options.json)
          cli.terminal.json({ hash: document.hash, name: holder.fileName, from: holder.name, text: whole }, 2);
        else if (cli.terminal.isTTY) cli.terminal.line();
        return;
      }
    });
}

/** A piece that was cut inside a character ends in U+FFFD: that character is asked for again, whole. */
const withoutHalf = (text: string) => (text.endsWith('\ufffd') ? text.slice(0, -1) : text);
