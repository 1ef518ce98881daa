import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Door } from './owner-client.ts';
import { startRelay } from './relay.ts';

const run = promisify(execFile);

/** One machine of a Compose lab: its network, and the way of its owner to port 5805 there. */
export interface LabHost {
  readonly number: number;
  readonly address: string;
  readonly door: Door & { readonly socketPath: string };
  /** The lab's program with these words; resolves with what it printed on stdout. */
  tool(...words: string[]): Promise<string>;
  /** Starts a program in the machine's network, on this file system. */
  spawn(command: string, words: string[], options: SpawnOptions): ChildProcess;
  /** Takes the cable out. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): void;
}

/** `folder` is of the test's own; the socket is put there. */
export async function openLabHost(tool: string, number: number, folder: string): Promise<LabHost> {
  const ask = async (...words: string[]) => {
    const { stdout } = await run(tool, words, { maxBuffer: 50_000_000, timeout: 180_000 });
    return stdout.trim();
  };
  const inside = (command: string, words: string[], options: SpawnOptions) =>
    spawn(tool, ['exec', String(number), command, ...words], options);
  const socketPath = join(folder, 'owner.sock');
  const relay = await startRelay(inside, socketPath);
  return {
    number,
    address: `10.77.0.${number}`,
    door: { socketPath },
    tool: ask,
    spawn: inside,
    cut: () => ask('cut', String(number)).then(() => {}),
    mend: () => ask('mend', String(number)).then(() => {}),
    close: () => void relay.kill('SIGKILL'),
  };
}
