import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLaterCursor, type MembershipEvent, type PeerStore } from '@kith/membership';
import { GUARDED_ANSWER } from '@kith/service';
import { eventViewSchema } from '@kith/wire';
import { answerError } from '../answers/error-answer.ts';

export interface EventStreamsOptions {
  readonly peers: PeerStore;
  /** Comment lines keep connections alive and show dead ones. */
  readonly heartbeatMs?: number;
  /** A reader that is further behind than this is cut off; it resumes where it was with `Last-Event-ID`. */
  readonly bufferBytes?: number;
}

const PAGE = 500;
const MAX_STREAMS = 64;

/** Membership events as server-sent events: the id of each is its cursor. */
export function createEventStreams({ peers, heartbeatMs = 15_000, bufferBytes = 256 * 1024 }: EventStreamsOptions) {
  const streams = new Set<ServerResponse>();

  /** Answers with all events after the cursor, or from now on where there is none, until the asker goes or `end`. */
  async function open(request: IncomingMessage, response: ServerResponse, after: string | undefined): Promise<void> {
    const waiting: MembershipEvent[] = [];
    let isReplaying = true;
    let sent: string | undefined;
    const send = (event: MembershipEvent) => {
      const { cursor } = event;
      // A live tail that is behind the replay tells again what the replay, or the asker's last stream, told already.
      if (sent !== undefined && !isLaterCursor(cursor, sent)) return;
      response.write(`id: ${cursor}\ndata: ${JSON.stringify(eventViewSchema.parse(event))}\n\n`);
      sent = cursor;
      if (response.writableLength > bufferBytes) response.destroy();
    };
    let unfollow: () => void;
    try {
      // Followed before the replay, so that nothing falls between the two.
      unfollow = await peers.followEvents((event) => {
        if (!isReplaying) return send(event);
        if (waiting.length < 2 * PAGE) waiting.push(event);
        else response.destroy();
      });
    } catch (error) {
      return answerError(request, response, error);
    }
    const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
    const close = () => {
      clearInterval(heartbeat);
      streams.delete(response);
      unfollow();
    };
    response.once('close', close);
    if (response.closed) return close();
    begin(response);
    try {
      if (after !== undefined) {
        const [newest] = await peers.latestEvents(1);
        // A place beyond the end is one of another log: then all of this one is new.
        if (newest && (newest.cursor === after || isLaterCursor(newest.cursor, after))) sent = after;
        await replay(response, after, send);
      }
      for (const event of waiting) send(event);
      isReplaying = false;
    } catch {
      response.destroy();
    }
  }

  function begin(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      ...GUARDED_ANSWER,
    });
    response.write('retry: 2000\n\n');
    streams.add(response);
    const [oldest] = streams;
    if (streams.size > MAX_STREAMS) oldest?.destroy();
  }

  async function replay(
    response: ServerResponse,
    after: string,
    send: (event: MembershipEvent) => void,
  ): Promise<void> {
    for (let cursor = after; !response.closed; ) {
      const events = await peers.readEvents({ after: cursor, limit: PAGE });
      for (const event of events) send(event);
      const last = events.at(-1);
      if (last === undefined || events.length < PAGE) return;
      cursor = last.cursor;
      if (response.writableNeedDrain) await drained(response);
    }
  }

  return {
    open,
    end(): void {
      for (const response of streams) response.end();
    },
  };
}

const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
