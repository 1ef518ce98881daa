/** How long events are gathered before they are told, in ms: a folder that is written to all the time makes thousands. */
const GATHER_MS = 50;
/** Names told of one share at once; with more, the whole share is to be looked through. */
const NAMES_MAX = 1_000;

/** Hints of watched folders, each told once however often it came, so that neither sender nor receiver piles them up. */
export class GatheredHints {
  readonly #tell: (watch: number, paths: readonly string[]) => void;
  readonly #waiting = new Map<number, Set<string>>();

  constructor(tell: (watch: number, paths: readonly string[]) => void) {
    this.#tell = tell;
  }

  add(watch: number, path: string): void {
    if (this.#waiting.size === 0) setTimeout(() => this.#flush(), GATHER_MS);
    const paths = this.#waiting.get(watch) ?? new Set();
    this.#waiting.set(watch, paths);
    if (paths.size < NAMES_MAX) paths.add(path);
    else paths.add('');
  }

  #flush(): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const [watch, paths] of all) this.#tell(watch, paths.has('') ? [''] : [...paths]);
  }
}
