import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Place } from './places.ts';

const READY_MS = 30_000;

export interface DemoNode {
  readonly name: string;
  readonly url: string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  stop(signal?: NodeJS.Signals): void;
}

export interface DemoNodeOptions {
  readonly name: string;
  readonly place: Place;
  readonly seeds: readonly Place[];
  readonly dataDirectory: string;
  readonly pairingCode: string;
  readonly env: Record<string, string | undefined>;
}

/** Starts one node as a process of its own and waits until it is ready. It ends when this process does. */
export async function startDemoNode(options: DemoNodeOptions): Promise<DemoNode> {
  const { name, place, seeds, dataDirectory, pairingCode, env } = options;
  const own = Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('KITH_')));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), 'start'], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...own,
      KITH_NAME: name,
      KITH_DATA: dataDirectory,
      KITH_SHARE: join(import.meta.dirname, 'documents', name),
      KITH_BIND: place.address,
      KITH_PINGBACK_PORT: String(place.pingbackPort),
      KITH_GATEWAY_PORT: String(place.gatewayPort),
      KITH_EXCHANGE_PORT: String(place.exchangePort),
      KITH_SEEDS: seeds.map((seed) => `${seed.address}:${seed.pingbackPort}`).join(','),
      KITH_PAIRING_CODE: pairingCode,
      // Nothing but the other two: this is no business of the network around.
      KITH_SWEEP: 'off',
      KITH_LOG_LEVEL: 'warn',
    },
  });
  let output = '';
  child.stderr?.on('data', (part: Buffer) => {
    output = (output + part).slice(-4000);
  });
  await ready(child, name, () => output);
  return {
    name,
    url: `http://${place.address}:${place.gatewayPort}`,
    ended: child.exitCode === null ? once(child, 'exit').then(() => {}) : Promise.resolve(),
    stop: (signal = 'SIGTERM') => void child.kill(signal),
  };
}

function ready(child: ChildProcess, name: string, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${name} ${what}:\n${output()}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${READY_MS / 1000} s`), READY_MS);
    child.once('exit', () => fail('could not start'));
    let said = '';
    child.stdout?.on('data', (part: Buffer) => {
      said += part;
      if (!/ is ready/.test(said)) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve();
    });
  });
}
