import { type EventView, eventsViewSchema, eventViewSchema } from '@kith/wire';
import type { Command } from 'commander';
import type { Api } from '../ask/api.ts';
import { apiOf, type ClientOptions, clientCommand } from '../ask/client-command.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import { numberOption } from '../output/number-option.ts';
import { plainLine } from '../output/plain-text.ts';
import type { Cli } from '../output/surroundings.ts';
import { utcText } from '../output/time-text.ts';

interface EventsOptions extends ClientOptions {
  readonly follow?: boolean;
  readonly after?: string;
  readonly limit: number;
}
const RETRY_MS = 1000;

/** `kith events`: what happened on the network; with `--follow` what happens from now on, too. */
export function eventsCommand(cli: Cli): Command {
  const about = 'What happened on the network: peers found, gone, moved, and so on.';
  return clientCommand(cli, 'events', about, ['events', 'events --follow', 'events --follow --json | jq .message'])
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('--after <cursor>', 'only what came after this event')
    .option('--limit <n>', 'how many of the newest (1–1000)', numberOption({ min: 1, max: 1000 }), 100)
    .addHelpText('after', '\nWith --json one event a line.')
    .action(async (options: EventsOptions) => {
      const api = await apiOf(cli, options);
      const query = new URLSearchParams({
        limit: String(options.limit),
        ...(options.after ? { after: options.after } : {}),
      });
      const { events } = await api.get(`/_kith/events?${query}`, eventsViewSchema);
      const show = (event: EventView) => (options.json ? cli.terminal.json(event) : showEvent(cli, event));
      events.forEach(show);
      if (options.follow) await follow(cli, api, events.at(-1)?.cursor ?? options.after, show);
    });
}

/** Follows until the person ends it; a node that goes away is waited for, and nothing is shown twice. */
async function follow(cli: Cli, api: Api, from: string | undefined, show: (event: EventView) => void) {
  let after = from;
  let away = false;
  while (!cli.signal.aborted) {
    try {
      for await (const { data } of api.events('/_kith/events', { signal: cli.signal, after })) {
        const event = eventViewSchema.safeParse(data);
        if (!event.success) continue;
        away = false;
        after = event.data.cursor;
        show(event.data);
      }
    } catch (error) {
      if (cli.signal.aborted) return;
      if (error instanceof CliError && error.exitCode !== EXIT.notRunning) throw error;
      if (!away) cli.terminal.note('The node is away; waiting for it.');
      away = true;
    }
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
}

function showEvent({ terminal }: Cli, event: EventView) {
  terminal.line(`${terminal.style('dim', utcText(event.at))} ${event.type.padEnd(16)} ${plainLine(event.message)}`);
}
