import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../texts/repository.ts';

/** One program of a node that runs apart, as a process. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** What it wrote so far, both streams. */
  output(): string;
  isRunning(): boolean;
  /** Leaves properly; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** As a power cut does. */
  kill(): Promise<void>;
  /** SIGSTOP makes it hang, SIGCONT goes on. */
  signal(signal: NodeJS.Signals): void;
}

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly env?: Record<string, string>;
  readonly isReady: RegExp;
}

/** Starts a program and waits until it says that it is ready. */
export async function startProgram(options: ProgramOptions): Promise<ServiceProcess> {
  const { name, command, env = {}, isReady } = options;
  const child = spawn(command, [...options.arguments], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const said = new Promise<void>((resolve, reject) => {
    const collect = (part: Buffer) => {
      output = (output + part.toString()).slice(-100_000);
      if (isReady.test(output)) resolve();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}:\n${output}`)));
    child.once('error', reject);
    setTimeout(() => reject(new Error(`${name} was not ready within 300 s:\n${output}`)), 300_000).unref();
  });
  try {
    await said;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    ...{ name, pid: child.pid ?? 0, isRunning },
    output: () => output,
    async stop() {
      await end(child, 'SIGTERM', isRunning());
      return child.exitCode;
    },
    kill: () => end(child, 'SIGKILL', isRunning()),
    signal: (signal) => void child.kill(signal),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals, isRunning: boolean): Promise<void> {
  if (!isRunning) return;
  const ended = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill(signal);
  await ended;
}

/** A service of a node on its own, as its container runs it. */
export function startService(
  app: 'pingback' | 'scanner' | 'gateway' | 'exchange',
  env: Record<string, string>,
): Promise<ServiceProcess> {
  const NODE_COMPILE_CACHE = join(root, 'node_modules/.cache/node-compile');
  return startProgram({
    name: app,
    command: process.execPath,
    arguments: [join(root, `apps/${app}/src/main.ts`)],
    env: { NODE_COMPILE_CACHE, KITH_LOG_LEVEL: 'info', ...env },
    isReady: new RegExp(`${app} is ready`),
  });
}

/** A loopback address of a test's own, so that the usual ports collide with nobody. */
export const freeAddress = () => `127.${randomInt(100, 200)}.${randomInt(0, 256)}.${randomInt(2, 254)}`;
