/** A request that did not give what was asked; `message` is one sentence for people. */
export class RequestError extends Error {
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** The service's stable code, `network` where no answer came, `broken_answer` where it is not what was agreed. */
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** What to show for anything thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof RequestError) return error.message;
  return 'Something went wrong in this page. Load it again; if it stays, see the log of the node.';
}

/** Whether the request was taken back by the page itself. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
