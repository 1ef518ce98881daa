import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Memory of all processes of a node at one moment, in bytes. */
export interface Memory {
  /** Sum of PSS: private memory, and of shared pages each process's part, so that these count once. */
  readonly whole: number;
  /** The part of `whole` that belongs to the first process, and to the others. */
  readonly first: number;
  readonly others: number;
  /** Anonymous and kernel memory of the cgroup; NaN where no cgroup can be made. */
  readonly cgroup: number;
}

const EVERY_MS = 50;
const MOUNTS = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/memory'];

/** Looks at the memory of a process and its children, twenty times a second, and keeps the most of each figure. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #cgroup: MemoryCgroup | undefined;
  readonly #timer: NodeJS.Timeout;
  #peak: Memory = { whole: 0, first: 0, others: 0, cgroup: Number.NaN };

  constructor(pid: number, cgroup?: MemoryCgroup) {
    this.#pid = pid;
    this.#cgroup = cgroup;
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  /** The peaks since the start or the last call; `first` and `others` are those of the moment of the largest `whole`. */
  take(): Memory {
    const peak = this.#peak;
    this.#peak = { whole: 0, first: 0, others: 0, cgroup: Number.NaN };
    return peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const [first = 0, ...rest] = withChildren(this.#pid).map(pssOf);
    const others = rest.reduce((sum, one) => sum + one, 0);
    const before = this.#peak;
    const now = first + others > before.whole ? { whole: first + others, first, others } : before;
    const cgroup = this.#cgroup?.used() ?? Number.NaN;
    this.#peak = { ...now, cgroup: before.cgroup > cgroup ? before.cgroup : cgroup };
  }
}

/** A cgroup of either version, to be told what the kernel counts for the processes in it. */
export class MemoryCgroup {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where this user may make none, or the kernel counts no memory there. */
  static make(): MemoryCgroup | undefined {
    for (const mount of MOUNTS) {
      const folder = join(mount, `kith-bench-${process.pid}`);
      try {
        mkdirSync(folder);
      } catch {
        continue;
      }
      const made = new MemoryCgroup(folder);
      if (!Number.isNaN(made.used())) return made;
      void made.remove();
    }
    return undefined;
  }

  /** From now on what this process and its children take is counted. */
  add(pid: number): void {
    writeFileSync(join(this.#folder, 'cgroup.procs'), String(pid));
  }

  used(): number {
    try {
      const stat = readFileSync(join(this.#folder, 'memory.stat'), 'utf8');
      const field = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? Number.NaN);
      const second = field('anon') + field('kernel');
      if (!Number.isNaN(second)) return second;
      return field('total_rss') + Number(readFileSync(join(this.#folder, 'memory.kmem.usage_in_bytes'), 'utf8'));
    } catch {
      return Number.NaN;
    }
  }

  /** Once its processes have ended. */
  async remove(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return rmdirSync(this.#folder);
      } catch (error) {
        if (tries === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

function withChildren(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.flatMap(withChildren)];
  } catch {
    return [];
  }
}

function pssOf(pid: number): number {
  try {
    const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(lines)?.[1] ?? 0) * 1024;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
