import type { Clock } from '@kith/service';
import { BIG_FILE_BYTES, QUEUE_MAX } from '../config.ts';

/** A file of a shared folder that is to be looked into. */
export interface Waiting {
  readonly source: string;
  readonly path: string;
  /** `gone`: it was not there any more; taken off the list if that is still so. */
  readonly kind: 'read' | 'gone';
  readonly size: number;
  /** When it was changed last, by whoever saw it. */
  readonly modifiedMs: number;
  /** Not before this time of the monotonic clock, in ms. */
  readonly dueMs: number;
  /** How often it changed while it was read. */
  readonly tries: number;
}

/** Files that wait, each once: what is offered again while it waits replaces what waited. */
export interface FileQueue {
  /** Resolves once there is room: whoever walks through a folder waits, whoever got a hint need not. */
  offer(file: Waiting): Promise<void>;
  /**
   * The next files of a lane that are due, at most `limit.files` and, but for one file alone, `limit.bytes`; waits until
   * there are some. Empty once the signal aborts.
   */
  take(lane: 'small' | 'big', limit: { files: number; bytes: number }, signal: AbortSignal): Promise<Waiting[]>;
  drop(source: string): void;
  /** Nobody waits for room any more, for nothing will be taken. */
  close(): void;
  has(source: string): boolean;
  size(): number;
}

type Lane = 'small' | 'big';
/** Told beside an abort that is no failure; without it, each would make an exception with a stack. */
const RANG = 'something changed';

export function createFileQueue({ clock }: { clock: Clock }): FileQueue {
  const lanes: Record<Lane, Map<string, Waiting>> = { small: new Map(), big: new Map() };
  let changed = new AbortController();
  let closed = false;
  const notify = () => {
    const before = changed;
    changed = new AbortController();
    before.abort(RANG);
  };
  const laneOf = ({ kind, size }: Waiting): Lane => (kind === 'read' && size > BIG_FILE_BYTES ? 'big' : 'small');
  const size = () => lanes.small.size + lanes.big.size;

  /** Large files go by size, so that one of hours keeps none of minutes waiting. */
  const inOrder = (lane: Lane): Iterable<[string, Waiting]> =>
    lane === 'small' ? lanes.small : [...lanes.big].sort(([, a], [, b]) => a.size - b.size);

  /** Removes and returns what is due; else says when the next one will be. */
  const pick = (lane: Lane, limit: { files: number; bytes: number }) => {
    const now = clock.monotonic();
    const taken: Waiting[] = [];
    let bytes = 0;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [key, file] of inOrder(lane)) {
      if (file.dueMs > now) {
        nextMs = Math.min(nextMs, file.dueMs);
        continue;
      }
      if (taken.length > 0 && bytes + file.size > limit.bytes) break;
      bytes += file.size;
      taken.push(file);
      lanes[lane].delete(key);
      if (taken.length >= limit.files) break;
    }
    return { taken, inMs: nextMs - now };
  };

  return {
    async offer(file) {
      const key = `${file.source}\n${file.path}`;
      lanes[laneOf(file) === 'small' ? 'big' : 'small'].delete(key);
      lanes[laneOf(file)].set(key, file);
      notify();
      while (size() > QUEUE_MAX && !closed) await aborted(changed.signal);
    },
    async take(lane, limit, signal) {
      while (!signal.aborted) {
        const { taken, inMs } = pick(lane, limit);
        if (taken.length > 0) {
          notify();
          return taken;
        }
        const until = AbortSignal.any([signal, changed.signal]);
        if (inMs === Number.POSITIVE_INFINITY) await aborted(until);
        else await clock.sleep(inMs, until).catch(() => {});
      }
      return [];
    },
    drop(source) {
      for (const lane of Object.values(lanes)) {
        for (const [key, file] of lane) if (file.source === source) lane.delete(key);
      }
      notify();
    },
    close() {
      closed = true;
      notify();
    },
    has: (source) => [...lanes.small.values(), ...lanes.big.values()].some((file) => file.source === source),
    size,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
