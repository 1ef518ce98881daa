/** Calls several listeners in the same order, one item after the other, whatever the listeners do meanwhile. */
export interface FanOut<T> {
  /** Adds a listener; the returned function takes it away, at once and for good. */
  add(listener: (item: T) => void): () => void;
  emit(items: readonly T[]): void;
  readonly size: number;
  clear(): void;
}

/** A listener that throws is a fault of its owner: it is told as a process warning, and nobody else misses an item. */
export function createFanOut<T>(): FanOut<T> {
  const listeners = new Set<{ call: (item: T) => void }>();
  const queue: T[] = [];
  let isCalling = false;
  return {
    add(call) {
      const entry = { call };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    emit(items) {
      queue.push(...items);
      // A listener that emits does so inside this loop; the second listener must not see its item first.
      if (isCalling) return;
      isCalling = true;
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        for (const entry of [...listeners]) {
          if (!listeners.has(entry)) continue;
          try {
            entry.call(item);
          } catch (error) {
            process.emitWarning(error instanceof Error ? error : String(error));
          }
        }
      }
      isCalling = false;
    },
    get size() {
      return listeners.size;
    },
    clear() {
      listeners.clear();
      queue.length = 0;
    },
  };
}
