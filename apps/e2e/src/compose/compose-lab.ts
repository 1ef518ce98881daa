import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type KithNode, startKithNode } from '../nodes/kith-node.ts';
import { type LabHost, openLabHost } from '../nodes/lab-host.ts';
import { root } from '../texts/repository.ts';
import { type ComposeMachine, createComposeMachine } from './compose-machine.ts';

const run = promisify(execFile);

/**
 * Machines with a Docker engine each on one made-up LAN, 10.77.0.1 and up, with all images. The lab's program knows
 * `build FOLDER`, `up COUNT`, `compose N FOLDER WORDS…`, `docker N WORDS…`, `exec N COMMAND…`, `cut N`, `mend N` and
 * `down` (see CONTRIBUTING).
 */
export interface ComposeLab {
  machine(number: number, settings?: readonly string[], secrets?: Record<string, string>): Promise<ComposeMachine>;
  /** A node with all services in one process, as `npm start` runs it. */
  embedded(number: number, name: string, env: Record<string, string>): Promise<KithNode>;
  close(): Promise<void>;
}

const BUILD_MS = 600_000;

export async function openComposeLab(tool: string, count: number): Promise<ComposeLab> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-compose-'));
  // The profile: the command line is part of no `up`, and wanted here.
  const env = { ...process.env, COMPOSE_PROFILES: 'tools' };
  const lab = (...words: string[]) => run(tool, words, { env, maxBuffer: 50_000_000, timeout: BUILD_MS });
  const toClose: (() => unknown)[] = [];
  const hostOf = async (number: number): Promise<[LabHost, string]> => {
    const own = join(folder, String(number));
    mkdirSync(own);
    return [await openLabHost(tool, number, own), own];
  };
  await lab('build', root);
  await lab('up', String(count));
  return {
    async machine(number, settings, secrets) {
      const [host, own] = await hostOf(number);
      const machine = createComposeMachine(host, own, settings, secrets);
      toClose.push(() => machine.close());
      return machine;
    },
    async embedded(number, name, settings) {
      const [host, own] = await hostOf(number);
      toClose.push(() => host.close());
      const node = await startKithNode({
        ...{ data: join(own, 'data'), name, env: settings, door: host.door },
        run: (command, words, options) => host.spawn(command, words, options),
      });
      toClose.push(() => node.kill());
      return node;
    },
    async close() {
      await Promise.all(toClose.map((close) => close()));
      await lab('down');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
