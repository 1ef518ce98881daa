interface State {
  running: number;
  /** Calls that were given up and still hold a thread. */
  late: number;
  probedAt: number;
  readonly waiting: Set<{ readonly go: () => void; readonly fail: (error: Error) => void }>;
}

/** Calls of one drive at the same time. */
const AT_ONCE = 4;
/** Calls of all drives that hang, from which on the process is begun again. */
const LATE_MAX = 24;

/** Who may ask a drive now: few at a time, and hardly anybody one that hangs. A rule without time or I/O of its own. */
export class DriveTurns {
  readonly #drives = new Map<string, State>();

  /** Whether a drive answers, or is to be tried again by `isProbe`: once in `probeMs`. */
  mayAsk(drive: string, { now, isProbe, probeMs }: { now: number; isProbe: boolean; probeMs: number }): boolean {
    const state = this.#of(drive);
    if (state.late === 0) return true;
    if (!isProbe || now - state.probedAt < probeMs) return false;
    state.probedAt = now;
    return true;
  }

  /**
   * Resolves when the caller may ask, who then owes an `end`. A drive that is only slow is waited for; where it turns out
   * to hang, whoever waits for a turn gets the error of that.
   */
  async take(drive: string): Promise<void> {
    const state = this.#of(drive);
    if (state.running < AT_ONCE) {
      state.running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        state.running++;
        resolve();
      };
      state.waiting.add({ go, fail: reject });
    });
  }

  end(drive: string, { isLate }: { isLate: boolean }): void {
    const state = this.#of(drive);
    if (isLate) state.late--;
    else state.running--;
    this.#next(state);
    if (state.running + state.late + state.waiting.size === 0) this.#drives.delete(drive);
  }

  /** A call is given up; says whether too many of all drives are. */
  noteLate(drive: string, { now, error }: { now: number; error: Error }): boolean {
    const state = this.#of(drive);
    state.running--;
    state.late++;
    state.probedAt = now;
    failAll(state, error);
    return [...this.#drives.values()].reduce((sum, { late }) => sum + late, 0) >= LATE_MAX;
  }

  /** No call runs any more, nor will those that wait. */
  clear(error: Error): void {
    const states = [...this.#drives.values()];
    this.#drives.clear();
    for (const state of states) failAll(state, error);
  }

  #of(drive: string): State {
    const known = this.#drives.get(drive);
    if (known) return known;
    const state: State = { running: 0, late: 0, probedAt: 0, waiting: new Set() };
    this.#drives.set(drive, state);
    return state;
  }

  #next(state: State): void {
    const [first] = state.waiting;
    if (first === undefined || state.running >= AT_ONCE) return;
    state.waiting.delete(first);
    first.go();
  }
}

function failAll({ waiting }: State, error: Error): void {
  const all = [...waiting];
  waiting.clear();
  for (const { fail } of all) fail(error);
}
