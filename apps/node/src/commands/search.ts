import { RESULT_LIMIT_MAX, SEARCH_EVENT, type SearchPage, searchEventSchemas, searchPageSchema } from '@kith/wire';
import type { Command } from 'commander';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { keepSearch } from '../ask/last-search.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { numberOption } from '../output/number-option.ts';
import { coverageLines, resultLines } from '../output/search-view.ts';
import type { Cli } from '../output/surroundings.ts';

interface SearchOptions extends ClientOptions {
  readonly here?: boolean;
  readonly limit: number;
  readonly stream?: boolean;
}

/** `kith search <words…>`: what this node and every trusted peer share. */
export function searchCommand(cli: Cli): Command {
  return clientCommand(cli, 'search', 'Searches what this node and every peer that trusts it share.', [
    'search water purification',
    'search \'"oral rehydration" -cholera\'',
    'search --here minutes',
    'search malaria --json | jq -r ".results[].title"',
  ])
    .argument('<words...>', 'words, "exact phrases", -excluded words')
    .option('--here', 'only this node’s own documents')
    .option('--limit <n>', 'how many results (1–100)', numberOption({ min: 1, max: RESULT_LIMIT_MAX }), 20)
    .option('--stream', 'with --json: one line for each state of the answer as peers answer, the last one final')
    .allowUnknownOption(false)
    .addHelpText(
      'after',
      '\nThe numbers of the results work in `get` and `cat`. To exclude a word, end the options first: search -- water -rain',
    )
    .action(async (words: string[], options: SearchOptions) => {
      const api = await apiOf(cli, options);
      const query = new URLSearchParams({
        q: words.join(' '),
        limit: String(options.limit),
        scope: options.here ? 'here' : 'all',
      });
      const isLive = options.json ? options.stream === true : cli.terminal.isTTY;
      const page = isLive
        ? await live(cli, api.events(`/api/search?${query}`, { signal: cli.signal }), options)
        : await api.get(`/api/search?${query}`, searchPageSchema);
      await keepSearch(cli, page);
      if (options.json) {
        if (!options.stream) cli.terminal.json(page, 2);
      } else show(cli, page);
      if (page.results.length === 0) cli.setExitCode(EXIT.notFound);
    });
}

function show({ terminal }: Cli, page: SearchPage) {
  for (const line of resultLines(page, terminal)) terminal.line(line);
  const coverage = coverageLines(page, terminal);
  if (page.results.length === 0) terminal.line('Nothing found.');
  // For a program that reads the results, the coverage is a remark; a person wants it beside them.
  for (const line of coverage) terminal.isTTY ? terminal.line(line) : terminal.note(line);
}

/** Shows results as peers answer, in place, as many as fit the screen; returns the final page. */
async function live(cli: Cli, events: AsyncGenerator<{ name: string; data: unknown }>, options: SearchOptions) {
  const { terminal } = cli;
  let drawn = 0;
  const erase = () => {
    if (drawn > 0) terminal.raw(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  for await (const { name, data } of events) {
    if (name === SEARCH_EVENT.failed) throw errorOf(data);
    if (name !== SEARCH_EVENT.results && name !== SEARCH_EVENT.done) continue;
    const page = searchPageSchema.parse(data);
    if (options.json) terminal.json(page);
    else {
      erase();
      if (!page.final) {
        const lines = [...resultLines(page, terminal), ...coverageLines(page, terminal)].slice(0, terminal.rows - 2);
        for (const line of lines) terminal.line(line);
        drawn = lines.length;
      }
    }
    if (page.final) return page;
  }
  throw new CliError(EXIT.failed, 'The node ended the search before it was done. Try again.');
}

function errorOf(data: unknown): CliError {
  const body = searchEventSchemas[SEARCH_EVENT.failed].safeParse(data);
  if (!body.success) return new CliError(EXIT.failed, 'The search failed, and the node does not say why: see its log.');
  return new CliError(EXIT.failed, body.data.message, { code: body.data.error });
}
