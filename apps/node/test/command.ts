import { PassThrough } from 'node:stream';
import type { Surroundings } from '../src/output/surroundings.ts';
import { runCommandLine } from '../src/program.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, as from a script: no terminal, no colours. */
export async function command(
  args: string[],
  { cwd, env = {}, kith = 'kith' }: { cwd: string; env?: Record<string, string>; kith?: string },
): Promise<Ended> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const surroundings: Surroundings = {
    env: { KITH_DATA: cwd, ...env },
    cwd,
    stdin: process.stdin,
    stdout,
    stderr,
    kith,
  };
  const code = await runCommandLine(args, surroundings);
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
