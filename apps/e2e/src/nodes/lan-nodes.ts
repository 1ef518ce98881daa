import { join } from 'node:path';
import type { LanHost } from '@kith/testing';
import { type KithNode, type Run, startKithNode } from './kith-node.ts';
import { startRelay } from './relay.ts';

export interface LanNodeOptions {
  host: LanHost;
  /** Folder of the test's own, which outlives the node. */
  folder: string;
  name: string;
  env?: Record<string, string>;
}

/** A node on a host of a made-up LAN, reached by its owner through a unix socket into that host's namespace. */
export async function startOnHost({ host, folder, name, env = {} }: LanNodeOptions): Promise<KithNode> {
  const socketPath = join(folder, `${name}-${Date.now().toString(36)}.sock`);
  const run: Run = (command, args, options) => host.run(command, args, options);
  const relay = await startRelay(run, socketPath);
  try {
    const node = await startKithNode({
      data: join(folder, name),
      name,
      env,
      run,
      door: { socketPath },
    });
    const end = (stop: () => Promise<void>) => async () => {
      await stop();
      relay.kill('SIGKILL');
    };
    return { ...node, stop: end(node.stop), kill: end(node.kill) };
  } catch (error) {
    relay.kill('SIGKILL');
    throw error;
  }
}
