import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../../../tools/node-flags.mjs';
import { root } from '../texts/repository.ts';
import { createOwnerClient, type Door, type OwnerClient } from './owner-client.ts';

/** Starts a program in some network: this machine's own, or a namespace's. */
export type Run = (
  command: string,
  args: string[],
  options: { env: NodeJS.ProcessEnv; stdio: ['ignore', 'pipe', 'pipe'] },
) => ChildProcess;

export interface KithNodeOptions<D extends Door = Door> {
  /** Data directory. */
  data: string;
  name: string;
  /** More settings (`KITH_…`). */
  env?: Record<string, string>;
  run?: Run;
  /** How to reach its gateway; by default the port that it is started with on KITH_BIND. */
  door: D;
}

export interface KithNode<D extends Door = Door> extends OwnerClient {
  readonly at: D;
  readonly name: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to its ready line. */
  readonly readyMs: number;
  /** What it wrote so far, both streams. */
  output(): string;
  /** Leaves properly. */
  stop(): Promise<void>;
  /** As a power cut does. */
  kill(): Promise<void>;
}

/** Starts a whole node as a process of its own, waits for its ready line. */
export async function startKithNode<D extends Door>({
  data,
  name,
  env = {},
  run = spawn,
  door,
}: KithNodeOptions<D>): Promise<KithNode<D>> {
  const from = performance.now();
  // Flags and cache are those of `npm start` (tools/run.mjs).
  const child = run(process.execPath, [...NODE_FLAGS, join(root, 'apps/node/src/main.ts'), 'start'], {
    env: {
      ...NODE_ENVIRONMENT,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node-compile'),
      PATH: process.env.PATH,
      HOME: data,
      KITH_DATA: data,
      KITH_NAME: name,
      KITH_LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (part: Buffer) => {
    output = (output + part.toString()).slice(-200_000);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  await ready(child, () => output, name);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'exit');
    child.kill(signal);
    await closed;
  };
  return {
    ...createOwnerClient(door),
    at: door,
    name,
    pid: child.pid ?? 0,
    readyMs: performance.now() - from,
    output: () => output,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

const READY = /is ready/;

function ready(child: ChildProcess, output: () => string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Error(`${name} was not ready within 200 s:\n${output()}`)), 200_000);
    const look = () => READY.test(output()) && finish();
    const exited = () => finish(new Error(`${name} ended at once:\n${output()}`));
    function finish(error?: Error) {
      clearTimeout(timer);
      child.stdout?.off('data', look);
      child.off('exit', exited);
      if (error) {
        child.kill('SIGKILL');
        reject(error);
      } else resolve();
    }
    child.stdout?.on('data', look);
    child.on('exit', exited);
  });
}
