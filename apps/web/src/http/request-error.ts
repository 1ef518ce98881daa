import { errorBodySchema } from '@kith/wire';
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

/** The error that a body carries, or one made from the status where it carries none. */
export function errorFrom(status: number, body: string): RequestError {
  const checked = errorBodySchema.safeParse(parsed(body));
  if (checked.success) return new RequestError(status, checked.data.error, checked.data.message);
  return new RequestError(status, `status_${status}`, `The node answered with an error (${status}). Try again.`);
}

/** The value of a JSON text; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
