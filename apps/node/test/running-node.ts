import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { waitFor } from '@kith/testing';

const main = join(import.meta.dirname, '../src/main.ts');
/** Loopback addresses of this process's own, so that tests that run side by side never meet. */
const subnet = `127.${100 + (Math.floor(process.pid / 256) % 100)}.${process.pid % 256}`;
export const address = (host: number) => `${subnet}.${host}`;
export const PORTS = { pingback: 25800, gateway: 25805, exchange: 25810 };

export interface RunningNode {
  readonly pid: number;
  readonly url: string;
  stdout(): string;
  stderr(): string;
  end(signal: NodeJS.Signals): Promise<{ code: number | null }>;
}

export interface NodeOptions {
  readonly host: number;
  readonly data: string;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

/** Settings of a node on `host` of this process's loopback addresses, which sends nothing anywhere else. */
export function nodeEnv({ host, data, env = {} }: NodeOptions): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    ...(process.env.NODE_OPTIONS ? { NODE_OPTIONS: process.env.NODE_OPTIONS } : {}),
    KITH_BIND: address(host),
    KITH_DATA: data,
    KITH_PINGBACK_PORT: String(PORTS.pingback),
    KITH_GATEWAY_PORT: String(PORTS.gateway),
    KITH_EXCHANGE_PORT: String(PORTS.exchange),
    KITH_SWEEP: 'off',
    ...env,
  };
}

/** Starts a node as a process of its own and waits for its ready line; ended with the test at the latest. */
export async function runningNode(t: TestContext, options: NodeOptions): Promise<RunningNode> {
  const child = startNode(options);
  const read = reader(child);
  t.after(() => end(child, 'SIGKILL'));
  await waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(read.stderr());
      return / is ready/.test(read.stdout());
    },
    { timeoutMs: 20_000, what: `the node on ${address(options.host)}` },
  );
  return {
    pid: child.pid ?? 0,
    url: `http://${address(options.host)}:${PORTS.gateway}`,
    ...read,
    end: (signal) => end(child, signal),
  };
}

/** Runs `kith` until it ends by itself. */
export async function ended(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = reader(child);
  const [code] = await once(child, 'close');
  return { code: code as number, stdout: read.stdout(), stderr: read.stderr() };
}

function startNode(options: NodeOptions): ChildProcess {
  return spawn(process.execPath, [main, 'start', ...(options.args ?? [])], {
    env: nodeEnv(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function reader(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (part) => {
    stdout += part;
  });
  child.stderr?.on('data', (part) => {
    stderr += part;
  });
  return { stdout: () => stdout, stderr: () => stderr };
}

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }
  return { code: child.exitCode };
}
