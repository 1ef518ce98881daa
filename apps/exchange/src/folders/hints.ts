import { GATHER_NAMES } from '../config.ts';

/** Paths of a shared folder that something happened to and that are still to be looked at, each once; '' is all of it. */
export class Hints {
  readonly #paths = new Set<string>();

  get size(): number {
    return this.#paths.size;
  }

  add(path: string): void {
    this.#paths.add(this.#paths.size < GATHER_NAMES ? path : '');
  }

  clear(): void {
    this.#paths.clear();
  }

  /** Looks at one after the other until `isOver`. Throws as `look` does; what was not looked at to its end stays. */
  async each(look: (path: string) => Promise<void>, isOver: () => boolean): Promise<void> {
    const left = [...this.#paths];
    this.clear();
    try {
      for (let [path] = left; path !== undefined && !isOver(); [path] = left) {
        await look(path);
        left.shift();
      }
    } finally {
      for (const path of left) this.add(path);
    }
  }
}
