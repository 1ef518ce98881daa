export interface Collector<T> {
  readonly listener: (item: T) => void;
  readonly items: readonly T[];
  /** Resolves once `count` items came; rejects after 100 s, which only a fault can reach. */
  until(count: number): Promise<readonly T[]>;
}

export function createCollector<T>(): Collector<T> {
  const items: T[] = [];
  const waiting = new Set<() => void>();
  return {
    items,
    listener: (item) => {
      items.push(item);
      for (const check of [...waiting]) check();
    },
    until: (count) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`${items.length} of ${count} items came within 100 s`));
        }, 100_000);
        const check = () => {
          if (items.length < count) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(items);
        };
        waiting.add(check);
        check();
      }),
  };
}
