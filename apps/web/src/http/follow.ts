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
 * Follows a stream of server-sent events for good: the browser reconnects a cut stream by itself, this reconnects a
 * refused one too, with growing pauses. Returns what ends it.
 */
export function follow({ path, types, onEvent, onState }: FollowOptions): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;

  const open = () => {
    const opened = new EventSource(path);
    source = opened;
    opened.onopen = () => {
      tries = 0;
      onState(true);
    };
    opened.onerror = () => {
      onState(false);
      if (opened.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, retryDelay(tries++, Math.random()));
    };
    for (const type of types) {
      opened.addEventListener(type, (event: MessageEvent<unknown>) => {
        if (typeof event.data === 'string') onEvent(type, event.data);
      });
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
