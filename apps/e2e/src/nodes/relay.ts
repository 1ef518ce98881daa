import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../texts/repository.ts';
import type { Run } from './kith-node.ts';

/** Starts the relay by which the owner reaches port 5805 in another network, at a unix socket; resolves when it is there. */
export async function startRelay(run: Run, socketPath: string): Promise<ChildProcess> {
  const relay = run(process.execPath, [join(root, 'apps/e2e/src/nodes/relay-main.ts'), socketPath, '5805'], {
    env: process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (relay.stdout) await once(relay.stdout, 'data');
  return relay;
}
