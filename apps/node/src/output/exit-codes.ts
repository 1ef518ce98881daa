/** What `kith` ends with; programs may rely on these numbers. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notRunning: 3,
  notFound: 4,
  notAllowed: 5,
  interrupted: 130,
} as const;

export const EXIT_HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 no node is running, 4 nothing found, 5 not allowed (a peer
does not trust this node, or is not trusted; or you are not the owner of the node).`;

/** An error for the person at the terminal: its message is all that is shown. */
export class CliError extends Error {
  readonly exitCode: number;
  /** The node's own code, where it was the node that refused. */
  readonly code: string | undefined;
  constructor(exitCode: number, message: string, options?: ErrorOptions & { code?: string }) {
    super(message, options);
    this.exitCode = exitCode;
    this.code = options?.code;
  }
}
