/** One server-sent event. */
export interface ServerEvent {
  readonly type: string;
  readonly data: string;
  readonly id: string;
}

/** An event longer than this is dropped with an error: no answer of a node comes near it. */
export const EVENT_MAX_LENGTH = 16 * 1024 * 1024;

/**
 * Reads server-sent events from pieces of text cut anywhere (WHATWG HTML, section 9.2.6). `push` gives the events that
 * the piece completes. A CR at the end of a piece waits for the LF that may follow.
 */
export function createSseParser(): { push(piece: string): ServerEvent[] } {
  let rest = '';
  let lines: string[] = [];
  let length = 0;
  let type = '';
  let id = '';
  let first = true;

  const take = (line: string): ServerEvent | undefined => {
    if (line === '') {
      const event = lines.length > 0 ? { type: type || 'message', data: lines.join('\n'), id } : undefined;
      lines = [];
      length = 0;
      type = '';
      return event;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'event') type = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'data') {
      lines.push(value);
      // With the line feed that joins it to the next: endless empty lines are an event without end, too.
      length += value.length + 1;
      if (length > EVENT_MAX_LENGTH) throw new RangeError('server-sent event too long');
    }
    return undefined;
  };

  return {
    push(piece) {
      rest += piece;
      if (first && rest !== '') {
        first = false;
        if (rest.startsWith('\uFEFF')) rest = rest.slice(1);
      }
      const events: ServerEvent[] = [];
      const ends = /\r\n|\n|\r(?!$)/g;
      let from = 0;
      for (let end = ends.exec(rest); end; end = ends.exec(rest)) {
        const event = take(rest.slice(from, end.index));
        if (event) events.push(event);
        from = ends.lastIndex;
      }
      rest = rest.slice(from);
      if (rest.length > EVENT_MAX_LENGTH) throw new RangeError('server-sent event too long');
      return events;
    },
  };
}
