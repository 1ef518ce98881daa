import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync, statSync } from 'node:fs';

/** Network namespaces made by this kit are named `kithlan-<pid of the maker>-<random>-<host>`; no others are touched. */
const PREFIX = 'kithlan-';
const FOLDER = '/run/netns';

export const newPrefix = (): string => `${PREFIX}${process.pid}-${randomBytes(3).toString('hex')}-`;

/** Runs `ip` with these commands, one a line, inside a namespace where one is given. */
export function ipBatch(lines: readonly string[], namespace?: string): Promise<void> {
  if (lines.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const args = [...(namespace === undefined ? [] : ['-n', namespace]), '-batch', '-'];
    const child = execFile('ip', args, { timeout: 200_000 }, (error, _stdout, stderr) => {
      if (error)
        reject(new Error(`ip said: ${stderr.trim() || error.message} (of: ${lines.join(' | ').slice(0, 500)})`));
      else resolve();
    });
    child.stdin?.end(`${lines.join('\n')}\n`);
  });
}

/** One command of `ip`, at once: for what a test does to a cable between two lines. */
export function ipNow(namespace: string, args: readonly string[]): void {
  execFileSync('ip', ['-n', namespace, ...args], { timeout: 100_000, stdio: 'pipe' });
}

export function namespacesWith(prefix: string): string[] {
  try {
    return readdirSync(FOLDER).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

/** Ends every process inside these namespaces (all are children of a test) and removes them. Synchronous: runs at exit. */
export function removeNamespaces(names: readonly string[]): void {
  if (names.length === 0) return;
  // Again until none is left: one that was being started while the others were ended is found by the next look.
  for (let look = 0; look < 20; look += 1) {
    const pids = processesIn(names);
    if (pids.length === 0) break;
    for (const pid of pids) kill(pid);
  }
  const input = names.map((name) => `netns del ${name}\n`).join('');
  // -force goes on after a namespace that is gone already.
  execFileSync('ip', ['-force', '-batch', '-'], { input, timeout: 300_000, stdio: ['pipe', 'ignore', 'ignore'] });
}

/** Removes what a maker left behind that was killed before it could. */
export function removeStaleNamespaces(): void {
  const stale = namespacesWith(PREFIX).filter((name) => {
    const pid = Number(name.slice(PREFIX.length).split('-', 1)[0]);
    return Number.isInteger(pid) && pid > 0 && !isAlive(pid);
  });
  try {
    removeNamespaces(stale);
  } catch {
    // Another test removes them at this moment.
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function processesIn(names: readonly string[]): number[] {
  const inodes = new Set(names.map(inodeOf).filter((inode) => inode !== undefined));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // A zombie has no namespaces any more: reading its link fails.
        const inode = /\[(\d+)\]/.exec(readlinkSync(`/proc/${name}/ns/net`))?.[1];
        return inode !== undefined && inodes.has(inode) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
}

function inodeOf(name: string): string | undefined {
  try {
    return String(statSync(`${FOLDER}/${name}`).ino);
  } catch {
    return undefined;
  }
}
