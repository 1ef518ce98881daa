/** The address is not in a private range: Kith sends nothing there unasked. */
export class NotPrivateError extends Error {
  readonly code = 'not_private';
}

/** A sweep that cannot be done as asked; the message says why. */
export class BadSweepError extends Error {
  readonly code = 'bad_sweep';
}
