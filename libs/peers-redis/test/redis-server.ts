import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { tempDirectory } from '@kith/testing';

export interface TestRedis {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly directory: string;
  start(): Promise<void>;
  /** Ends it, by default as a crash does. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Sends it a signal and leaves it at that: SIGSTOP makes it hang. */
  signal(signal: NodeJS.Signals): void;
  /** `redis-cli` against it; returns what it printed. */
  cli(...words: string[]): string;
}

/** A loopback address of the test's own, so that fixed ports collide with nobody. */
export function ownAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
}

/** A real Redis of the test's own, ended after the test. */
export async function startRedis(
  t: { after(end: () => Promise<void> | void): void },
  options: { arguments?: string[]; cliArguments?: string[]; scheme?: string; isTls?: boolean; host?: string } = {},
): Promise<TestRedis> {
  const { host = ownAddress(), scheme = 'redis://', isTls = false } = options;
  const port = 6379;
  const directory = tempDirectory(t);
  let child: ChildProcess | undefined;
  const ports = isTls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
  // Else a replica or a Cluster node takes the address of its outgoing connections, 127.0.0.1, for its own.
  const names = ['--replica-announce-ip', host, '--cluster-announce-ip', host];
  const fixed = ['--bind', host, ...names, ...ports, '--dir', directory, '--save', '', '--daemonize', 'no'];
  const start = async () => {
    const started = spawn('redis-server', [...fixed, ...(options.arguments ?? [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let output = '';
    for await (const chunk of started.stdout) {
      output += chunk;
      if (/Ready to accept connections/.test(output)) break;
    }
    if (started.exitCode !== null || !/Ready to accept/.test(output)) throw new Error(`redis-server: ${output}`);
    started.stdout.resume();
  };
  const stop = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await exited;
  };
  t.after(() => stop());
  await start();
  return {
    host,
    port,
    url: `${scheme}${host}:${port}`,
    directory,
    start,
    stop,
    signal: (signal) => void child?.kill(signal),
    cli: (...words) =>
      execFileSync('redis-cli', ['-h', host, '-p', String(port), ...(options.cliArguments ?? []), ...words], {
        encoding: 'utf8',
      }).trim(),
  };
}
