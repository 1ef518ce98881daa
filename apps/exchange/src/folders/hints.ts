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

  /** Looks at one after the other until `isOver`. Throws as `look` does: what could not be looked at then stays. */
  async each(look: (path: string) => Promise<void>, isOver: () => boolean): Promise<void> {
    const some = [...this.#paths];
    this.clear();
    for (const [at, path] of some.entries()) {
      if (isOver()) return;
      try {
        await look(path);
      } catch (error) {
        for (const left of some.slice(at)) this.add(left);
        throw error;
      }
    }
  }
}
