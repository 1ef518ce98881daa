import { spawn } from 'node:child_process';

export interface RunOptions {
  /** Default 3000. */
  timeoutMs?: number;
  /** Most bytes of standard output that are kept; more is cut. Default 4 MiB. */
  maxBytes?: number;
  env?: Record<string, string>;
}

export interface CommandResult {
  /** Exit code; null where a signal or the time limit ended it. */
  readonly code: number | null;
  /**
   * Standard output as Latin-1: what is read from it is ASCII, and Windows writes the rest in whatever code page it has.
   */
  readonly stdout: string;
}

/**
 * Runs a program without a shell. Resolves undefined where it cannot be started, never rejects, and ends it with all
 * that it started when the time is up: a `ping` that hangs must not outlive its use.
 */
export function runCommand(
  file: string,
  args: readonly string[],
  { timeoutMs = 3000, maxBytes = 4 << 20, env }: RunOptions = {},
): Promise<CommandResult | undefined> {
  return new Promise((resolve) => {
    const isWindows = process.platform === 'win32';
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      // A process group of its own, so that the time limit ends grandchildren too.
      detached: !isWindows,
      windowsHide: true,
      ...(env ? { env } : {}),
      ...(isWindows ? {} : { cwd: '/' }),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    const end = () => {
      try {
        if (isWindows || child.pid === undefined) child.kill('SIGKILL');
        else process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
      // A grandchild that left the group may still hold the pipe: it is not waited for.
      child.stdout.destroy();
    };
    const timer = setTimeout(end, timeoutMs);
    timer.unref();
    child.stdout.on('data', (chunk: Buffer) => {
      if (size < maxBytes) chunks.push(chunk.subarray(0, maxBytes - size));
      size += chunk.length;
    });
    child.stdout.on('error', () => {});
    child.once('error', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: Buffer.concat(chunks).toString('latin1') });
    });
  });
}
