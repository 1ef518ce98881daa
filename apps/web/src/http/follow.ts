import { readEvents } from './read-events.ts';
import { send } from './request.ts';
import { retryDelay } from './retry-delay.ts';

export interface FollowOptions {
  readonly path: string;
  /** Event names of this stream; `message` is the unnamed one. */
  readonly types: readonly string[];
  readonly onEvent: (type: string, data: string) => void;
  /** True once the stream is open, false when it broke. */
  readonly onState: (open: boolean) => void;
}

/**
 * Follows a stream of server-sent events for good: one that is cut or refused is opened again, with growing pauses, after
 * the last event that came. Not by EventSource, which can show no session. Returns what ends it.
 */
export function follow({ path, types, onEvent, onState }: FollowOptions): () => void {
  const ending = new AbortController();
  let tries = 0;
  let last = '';

  const run = async () => {
    const fields: Record<string, string> = last === '' ? {} : { 'last-event-id': last };
    const { body } = await send(path, { accept: 'text/event-stream', signal: ending.signal, fields });
    tries = 0;
    onState(true);
    for await (const { type, data, id } of body ? readEvents(body) : []) {
      last = id;
      if (types.includes(type)) onEvent(type, data);
    }
  };
  const again = () => {
    if (ending.signal.aborted) return;
    onState(false);
    const timer = setTimeout(open, retryDelay(tries++, Math.random()));
    ending.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  const open = () => void run().then(again, again);
  open();
  return () => ending.abort();
}
