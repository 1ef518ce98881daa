import { access, constants, readdir, readFile } from 'node:fs/promises';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { posix, win32 } from 'node:path';
import { type CommandResult, type RunOptions, runCommand } from './run-command.ts';

/** What is asked of the operating system, as one collaborator, so that each system's readers are tested on any other. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** Where programs are looked for, by us and by the packages that we ask. */
  readonly programFolders: readonly string[];
  networkInterfaces(): NodeJS.Dict<NetworkInterfaceInfo[]>;
  /** A file's text; undefined where there is none or it may not be read. */
  readText(path: string): Promise<string | undefined>;
  /** Names in a folder; empty where there is none. */
  list(path: string): Promise<string[]>;
  /** Absolute path of a program of the system; undefined where it is not installed. */
  findProgram(name: string): Promise<string | undefined>;
  /** Runs a program given by absolute path; undefined where it cannot be started. Never rejects. */
  run(file: string, args: readonly string[], options?: RunOptions): Promise<CommandResult | undefined>;
}

/**
 * Where the system's own programs lie. PATH is not asked: a program that somebody put into a folder of theirs is not run.
 */
const PROGRAM_FOLDERS: Readonly<Record<'posix' | 'win32', readonly string[]>> = {
  posix: ['/sbin', '/usr/sbin', '/bin', '/usr/bin', '/run/current-system/sw/bin'],
  win32: ['C:\\Windows\\System32'],
};

export function hostSystem(platform: NodeJS.Platform = process.platform, folders?: readonly string[]): System {
  const isWindows = platform === 'win32';
  const programFolders = folders ?? PROGRAM_FOLDERS[isWindows ? 'win32' : 'posix'];
  const join = isWindows ? win32.join : posix.join;
  const found = new Map<string, string>();
  return {
    platform,
    programFolders,
    networkInterfaces: () => {
      try {
        return networkInterfaces();
      } catch {
        // Some sandboxes forbid the question.
        return {};
      }
    },
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
    list: (path) => readdir(path).catch(() => []),
    findProgram: async (name) => {
      const known = found.get(name);
      if (known !== undefined) return known;
      for (const folder of programFolders) {
        const path = join(folder, isWindows ? `${name}.exe` : name);
        const isThere = await access(path, constants.X_OK).then(
          () => true,
          () => false,
        );
        if (isThere) {
          found.set(name, path);
          return path;
        }
      }
      return undefined;
    },
    run: runCommand,
  };
}
