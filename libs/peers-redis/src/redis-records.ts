import type { ConnectionLog } from './link/connection-options.ts';
import type { RedisLink } from './link/redis-link.ts';
import type { RecordFields } from './record-fields.ts';
import { DROP_MISSING } from './scripts.ts';

/** What a hash holds: the fields as they are, for a comparison, and the record, where they make one. */
export interface StoredRecord<T> {
  readonly fields: Readonly<Record<string, string>>;
  readonly record: T | undefined;
}

/** Records in hashes, with a sorted set of their names. */
export interface RedisRecords<T> {
  get(name: string): Promise<StoredRecord<T>>;
  /** In order of name. */
  list(): Promise<T[]>;
}

export function createRedisRecords<T>(options: {
  link: RedisLink;
  listKey: string;
  keyOf: (name: string) => string;
  fields: RecordFields<T>;
  log: ConnectionLog;
}): RedisRecords<T> {
  const { link, listKey, keyOf, fields, log } = options;
  const told = new Map<string, string>();

  const stored = (name: string, hash: Readonly<Record<string, string>>): StoredRecord<T> => {
    if (Object.keys(hash).length === 0) return { fields: hash, record: undefined };
    const result = fields.read(hash);
    if ('value' in result) return { fields: hash, record: result.value };
    // Once for each damage, or a poll would fill the log.
    if (told.get(name) !== result.problem) {
      if (told.size > 1000) told.clear();
      told.set(name, result.problem);
      log.warn({ key: keyOf(name), problem: result.problem }, 'a record in Redis is damaged and left out');
    }
    return { fields: hash, record: undefined };
  };

  return {
    get: async (name) => stored(name, await link.use((redis) => redis.hgetall(keyOf(name)))),
    list: async () => {
      const names = (await link.use((redis) => redis.zrange(listKey, '0', '-1'))).sort();
      if (names.length === 0) return [];
      const replies = await link.use(async (redis) => {
        const pipeline = redis.pipeline();
        for (const name of names) pipeline.hgetall(keyOf(name));
        return (await pipeline.exec()) ?? [];
      });
      const hashes = replies.map(([error, hash]) => {
        if (error) throw error;
        return hash as Record<string, string>;
      });
      const missing = names.filter((_, index) => Object.keys(hashes[index] ?? {}).length === 0);
      if (missing.length > 0) await link.script(DROP_MISSING, [listKey, ...missing.map(keyOf)], missing);
      return names
        .map((name, index) => stored(name, hashes[index] ?? {}).record)
        .filter((record) => record !== undefined);
    },
  };
}
