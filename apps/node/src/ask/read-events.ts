import { UNNAMED_EVENT } from '@kith/wire';
import { createParser } from 'eventsource-parser';
import { CliError, EXIT } from '../output/exit-codes.ts';

export interface ServerEvent {
  readonly name: string;
  readonly id?: string;
  readonly data: unknown;
}

/** One event is a page of results at most. */
const EVENT_MAX_CHARACTERS = 8 * 1024 * 1024;

/**
 * The server-sent events of an answer's body, until it ends. Whatever is no such event is a CliError; so is a connection
 * that breaks, unless `signal` broke it.
 */
export async function* readEvents(body: Response['body'], signal?: AbortSignal): AsyncGenerator<ServerEvent> {
  const waiting: ServerEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, id, data }) =>
      waiting.push({ name: event || UNNAMED_EVENT, data: parseData(data), ...(id ? { id } : {}) }),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') throw notUnderstood();
    },
    maxBufferSize: EVENT_MAX_CHARACTERS,
  });
  const decoder = new TextDecoder();
  try {
    for await (const part of body ?? []) {
      parser.feed(decoder.decode(part, { stream: true }));
      yield* waiting.splice(0);
    }
  } catch (error) {
    if (error instanceof CliError || signal?.aborted) throw error;
    throw new CliError(EXIT.notRunning, 'The connection to the node broke off.');
  }
}

function parseData(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw notUnderstood();
  }
}

const notUnderstood = () =>
  new CliError(
    EXIT.failed,
    'The node sent an event that was not understood. Is it another version of Kith, or another program? Name the right one with --node.',
  );
