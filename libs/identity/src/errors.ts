/** The identity in the data directory cannot be used. It is never replaced by itself: the message says what the owner can do. */
export class IdentityError extends Error {
  readonly code = 'identity_unusable';
}

/** A pairing code that could be guessed offline, or that was mistyped. */
export class PairingCodeError extends Error {
  readonly code = 'weak_pairing_code';
}
