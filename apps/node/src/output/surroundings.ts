import type { OutputStream, Terminal } from './terminal.ts';

/** What the process gives to the command line; `main.ts` and the tests make it. */
export interface Surroundings {
  readonly env: Record<string, string | undefined>;
  /** The folder in which the person is. */
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: OutputStream & NodeJS.WritableStream;
  readonly stderr: OutputStream & NodeJS.WritableStream;
  /** How the person starts this program, for hints: see calledAs. */
  readonly kith: string;
}

/** What every command is given. */
export interface Cli extends Surroundings {
  readonly terminal: Terminal;
  /** Aborts when the person presses Ctrl-C, or the process is told to end. */
  readonly signal: AbortSignal;
  /** Kept until the command ends; the first failure that is not thrown. */
  setExitCode(code: number): void;
}
