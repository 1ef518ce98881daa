/**
 * The one table from error code to HTTP status, and so the list of all codes that a node answers with. An error without
 * a code here answers `internal_error` with no inside shown.
 */
export const HTTP_STATUS = {
  bad_request: 400,
  bad_target: 400,
  bad_query: 400,
  owner_unproven: 401,
  forbidden: 403,
  not_the_owner: 403,
  wrong_host: 403,
  wrong_origin: 403,
  peer_not_trusted: 403,
  not_trusted_by_peer: 403,
  peer_blocked: 403,
  not_found: 404,
  document_not_found: 404,
  peer_not_found: 404,
  share_not_found: 404,
  method_not_allowed: 405,
  peer_name_ambiguous: 409,
  comparison_busy: 409,
  comparison_not_open: 409,
  numbers_differ: 409,
  share_exists: 409,
  document_shared_from_folder: 409,
  document_changed: 410,
  too_large: 413,
  range_not_satisfiable: 416,
  other_version: 421,
  comparisons_closed: 429,
  too_many_requests: 429,
  /** Nobody reads it: for the log, in which an asker that leaves is no failure of this node. */
  asker_gone: 499,
  internal_error: 500,
  upstream_broke: 502,
  wrong_peer: 502,
  peer_unreachable: 502,
  upstream_unreachable: 502,
  index_away: 503,
  store_away: 503,
  peer_away: 503,
  document_away: 503,
  exchange_away: 503,
  not_ready: 503,
  not_verified_yet: 503,
  cannot_listen: 503,
  stopping: 503,
  data_folder_gone: 503,
  data_folder_read_only: 503,
  disk_failing: 503,
  too_few_descriptors: 503,
  reader_dying: 503,
  upstream_timeout: 504,
  disk_full: 507,
  loop_detected: 508,
} as const satisfies Readonly<Record<string, number>>;

export type ErrorCode = keyof typeof HTTP_STATUS;

export const isErrorCode = (code: string | undefined): code is ErrorCode =>
  code !== undefined && Object.hasOwn(HTTP_STATUS, code);
