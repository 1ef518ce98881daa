import type { ErrorCode } from './http-status.ts';

/** An error that a person can act on: a stable code (a key of HTTP_STATUS) and one sentence that says what to do. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The code of any error that has one: errors are told apart by code, so that copies of a package do not matter. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
