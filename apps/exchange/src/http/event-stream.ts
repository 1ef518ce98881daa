import { type Clock, GUARDED_ANSWER, ServiceError } from '@kith/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HEARTBEAT_MS, STREAMS_MAX } from '../config.ts';

/** A stream of server-sent events to one page. `Events` gives the data of each event by its name. */
export interface EventStream<Events> {
  /** Nothing happens where the page is gone, or does not read what it was sent. */
  send<Name extends keyof Events & string>(event: Name, data: Events[Name]): void;
  end(): void;
  /** Aborts when the page is gone. */
  readonly signal: AbortSignal;
}

export interface EventStreams {
  /** Begins the answer; throws `too_many_requests`. The route's handler returns the reply. */
  open<Events>(request: FastifyRequest, reply: FastifyReply): EventStream<Events>;
  closeAll(): void;
}

/** Bytes that may wait for a page that does not read; a page that is so far behind loads again. */
const BEHIND_MAX_BYTES = 4 * 1024 * 1024;

export function createEventStreams({ clock }: { clock: Clock }): EventStreams {
  const ends = new Set<() => void>();
  return {
    open(request, reply) {
      if (ends.size >= STREAMS_MAX) {
        throw new ServiceError('too_many_requests', 'Too many pages of this node are open: close some of them.');
      }
      const gone = new AbortController();
      const response = reply.raw;
      reply.hijack();
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        ...GUARDED_ANSWER,
        'x-accel-buffering': 'no',
      });
      response.flushHeaders();
      const end = () => {
        ends.delete(end);
        gone.abort();
        response.end();
      };
      ends.add(end);
      response.once('close', end);
      request.raw.once('error', end);
      void beat(clock, gone.signal, () => response.write(':\n\n'));
      return {
        signal: gone.signal,
        end,
        send(event, data) {
          if (gone.signal.aborted) return;
          response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
          if (response.writableLength > BEHIND_MAX_BYTES) response.destroy();
        },
      };
    },
    closeAll() {
      for (const end of [...ends]) end();
    },
  };
}

async function beat(clock: Clock, signal: AbortSignal, write: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(HEARTBEAT_MS, signal).catch(() => {});
    if (!signal.aborted) write();
  }
}

export const wantsEvents = (request: FastifyRequest) => request.headers.accept?.includes('text/event-stream') ?? false;
