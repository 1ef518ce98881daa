import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { KEY } from './running-exchange.ts';

export interface ExchangeProcess {
  readonly url: string;
  readonly pid: number;
  ask(path: string, options?: RequestInit): Promise<Response>;
  /** As a power cut does. */
  kill(): Promise<void>;
}

/** An exchange on SQLite as a process of its own, for tests that kill it. */
export async function startProcess(
  t: TestContext,
  env: Record<string, string>,
  { through = [], uid }: { through?: readonly string[]; uid?: number } = {},
): Promise<ExchangeProcess> {
  const [program = '', ...parameters] = [
    ...through,
    process.execPath,
    `${import.meta.dirname}/exchange-process-main.ts`,
  ];
  const child = spawn(program, parameters, {
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: { PATH: process.env.PATH, KITH_EXCHANGE_PORT: '0', KITH_NAME: 'ana', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => end(child));
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString();
      if (output.includes('\n')) resolve(output.trim());
    });
    child.once('exit', (code) => reject(new Error(`the exchange ended with ${code}`)));
  });
  return {
    ...{ url, pid: child.pid ?? 0 },
    ask: (path, { headers, ...init } = {}) =>
      fetch(`${url}${path}`, { ...init, headers: { 'kith-key': KEY, 'kith-role': 'owner', ...headers } }),
    kill: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
