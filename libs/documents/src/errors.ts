/** The query holds nothing to search for, or is too long. */
export class BadQueryError extends Error {
  readonly code = 'bad_query';
}

/** The index cannot be reached just now, or was closed. */
export class IndexAwayError extends Error {
  readonly code = 'index_away';
}

/** The index refuses writes because its disk is full. Reading goes on. */
export class IndexDiskFullError extends Error {
  readonly code = 'disk_full';
}

/** More calls wait for the index than it can hold. */
export class IndexBusyError extends Error {
  readonly code = 'too_many_requests';
}
