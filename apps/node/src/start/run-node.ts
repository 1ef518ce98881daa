import { ConfigError, codeOf, createLog, type Log, runUntilSignal, systemClock } from '@kith/service';
import packageJson from '../../package.json' with { type: 'json' };
import { type KithNode, openNode } from '../node.ts';
import { CliError, EXIT } from '../output/exit-codes.ts';
import type { Surroundings } from '../output/surroundings.ts';
import { type NodeValues, readNodeSettings } from '../settings.ts';
import { calmLog } from './calm-log.ts';
import { followEvents } from './follow-events.ts';
import { giveBackMemory } from './give-back-memory.ts';
import { removeNodeFile, writeNodeFile } from './node-file.ts';
import { readyText } from './ready-text.ts';
import { startError } from './start-error.ts';

export interface RunNodeOptions {
  /** Flags of `kith start` by name. */
  readonly flags: Record<string, string | undefined>;
  /** Folders given by `--share`, absolute. */
  readonly share: readonly string[];
}

/** Runs a whole node until a signal; resolves with the exit code. */
export async function runNode(given: RunNodeOptions, surroundings: Surroundings): Promise<number> {
  const { stdout, env, kith } = surroundings;
  const values = settings(given, env);
  const log = nodeLog(values, given, surroundings);
  const start = async () => {
    const node = await openNode(values, { log, clock: systemClock });
    const folders = [...new Set([...values.share, ...(await listedFolders(node))])];
    const { id, name, url } = node;
    // It only helps the command line to find this node: a full disk is no reason not to run.
    await writeNodeFile(values.dataDirectory, { pid: process.pid, name, url, startedAt: Date.now() }).catch((error) =>
      log.warn({ err: error }, 'the file that tells `kith` of this node could not be written'),
    );
    const page = await node.pageUrl().catch(() => `${url}/`);
    stdout.write(
      `${readyText({ node, page, values, folders, version: packageJson.version, startMs: performance.now(), kith })}\n`,
    );
    log.info({ id, url }, 'kith is ready');
    const keepMemory = giveBackMemory();
    const unfollow = stdout.isTTY ? await followEvents(node.peers, stdout) : () => {};
    return {
      stop: async () => {
        unfollow();
        keepMemory();
        await removeNodeFile(values.dataDirectory);
        await node.stop();
      },
    };
  };
  try {
    return await runUntilSignal({ start, log });
  } catch (error) {
    throw await startError(error, values);
  }
}

/** The folders that are shared already; an index that is away tells later, and is no reason to end. */
async function listedFolders({ files }: Pick<KithNode, 'files'>): Promise<string[]> {
  const listed = await files.listFolders().catch((error: unknown) => {
    if (codeOf(error) === 'index_away') return [];
    throw error;
  });
  return listed.map(({ path }) => path);
}

function settings({ flags, share }: RunNodeOptions, env: Surroundings['env']): NodeValues {
  try {
    const values = readNodeSettings(env, flags);
    return { ...values, share: [...values.share, ...share] };
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(EXIT.usage, error.message);
    throw error;
  }
}

/** JSON lines where the log is asked for or is not read by a person; else only what needs one, in sentences. */
function nodeLog(values: NodeValues, { flags }: RunNodeOptions, { env, stderr }: Surroundings): Log {
  const asked = Boolean(env.KITH_LOG_LEVEL) || flags['log-level'] !== undefined;
  if (asked || !stderr.isTTY) return createLog('kith', values.logLevel);
  return createLog('kith', 'warn', calmLog(stderr));
}
