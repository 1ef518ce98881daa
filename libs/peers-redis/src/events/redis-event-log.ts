import { isPassing, MAX_EVENTS, MAX_PASSING_EVENTS, type MembershipEvent, type NewEvent } from '@kith/membership';
import type { Keys } from '../link/keys.ts';
import type { RedisLink } from '../link/redis-link.ts';
import { ADD_EVENTS, listArguments } from '../scripts.ts';
import { eventFromEntry, eventToFields, type StreamEntry } from './event-fields.ts';
import { compareStreamIds, isStreamId, STREAM_START } from './stream-id.ts';

export interface RedisEventLog {
  add(events: readonly NewEvent[], at: number): Promise<void>;
  after(cursor: string | undefined, limit: number): Promise<MembershipEvent[]>;
  latest(limit: number): Promise<MembershipEvent[]>;
}

/** Arguments of APPEND_EVENTS. The cap is kept in blocks of about a hundred entries (`~`), which costs Redis nothing. */
export function eventArguments(
  events: readonly NewEvent[],
  at: number,
  about?: Parameters<typeof isPassing>[1],
): (string | number)[] {
  const flagged = events.flatMap((event) => [
    isPassing(event, about) ? 1 : 0,
    ...listArguments(eventToFields(event, at)),
  ]);
  return [MAX_EVENTS, MAX_PASSING_EVENTS, events.length, ...flagged];
}

export function createRedisEventLog(link: RedisLink, { events: key, passing }: Keys): RedisEventLog {
  return {
    add: async (events, at) => {
      if (events.length > 0) await link.script(ADD_EVENTS, [passing, key], eventArguments(events, at));
    },
    after: async (cursor, limit) => {
      if (limit <= 0) return [];
      const known =
        cursor !== undefined && isStreamId(cursor) && compareStreamIds(cursor, await newestId(link, key)) <= 0;
      const from = known ? `(${cursor}` : '-';
      const entries = await link.use((redis) => redis.xrange(key, from, '+', 'COUNT', limit));
      return (entries as StreamEntry[]).flatMap(eventFromEntry);
    },
    latest: async (limit) => {
      if (limit <= 0) return [];
      const entries = await link.use((redis) => redis.xrevrange(key, '+', '-', 'COUNT', limit));
      return (entries as StreamEntry[]).reverse().flatMap(eventFromEntry);
    },
  };
}

/** The id of the newest entry of a stream, or the start of all streams. */
export async function newestId(link: RedisLink, key: string): Promise<string> {
  const entries = await link.use((redis) => redis.xrevrange(key, '+', '-', 'COUNT', 1));
  return entries[0]?.[0] ?? STREAM_START;
}
