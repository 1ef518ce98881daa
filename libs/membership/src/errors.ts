/** The store cannot be reached, or was closed. What was asked happened wholly or not at all. */
export class StoreAwayError extends Error {
  readonly code = 'store_away';
}

/** No peer has this id, label or name. */
export class PeerNotFoundError extends Error {
  readonly code = 'peer_not_found';
}

/** More than one peer answers to this text. */
export class PeerNameAmbiguousError extends Error {
  readonly code = 'peer_name_ambiguous';
}

/** A record that a store was given, or holds, does not fit its schema. */
export class BadRecordError extends Error {
  readonly code = 'bad_record';
}
