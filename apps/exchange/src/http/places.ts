import { ServiceError } from '@kith/service';

/** Bounds how much is done at the same time, in all and for one key; whoever finds no place is refused at once. */
export interface Places {
  /** Throws `too_many_requests`. */
  hold<T>(key: string, task: () => Promise<T>): Promise<T>;
}

export function createPlaces({ inAll, perKey, message }: { inAll: number; perKey: number; message: string }): Places {
  const held = new Map<string, number>();
  let all = 0;
  return {
    async hold(key, task) {
      const mine = held.get(key) ?? 0;
      if (all >= inAll || mine >= perKey) throw new ServiceError('too_many_requests', message);
      all++;
      held.set(key, mine + 1);
      try {
        return await task();
      } finally {
        all--;
        const now = (held.get(key) ?? 1) - 1;
        if (now === 0) held.delete(key);
        else held.set(key, now);
      }
    },
  };
}
