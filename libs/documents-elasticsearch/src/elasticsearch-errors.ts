import { errors } from '@elastic/elasticsearch';
import { IndexAwayError, IndexDiskFullError } from '@kith/documents';

/** Part of an error as Elasticsearch gives it, for a request or for one line of a bulk. */
export interface Cause {
  readonly type?: string;
  readonly reason?: string | null;
}

const REFUSED =
  'Elasticsearch refuses this user: check KITH_ELASTICSEARCH_USERNAME and KITH_ELASTICSEARCH_PASSWORD, or KITH_ELASTICSEARCH_API_KEY.';
const NO_RIGHT =
  'Elasticsearch does not allow this user what Kith needs: the manual says which rights (“A user of Elasticsearch”).';
const NAMED = 'check that Elasticsearch runs and that KITH_ELASTICSEARCH_URL names it';

/**
 * Above the flood-stage watermark Elasticsearch blocks writing to every index on the disk (and takes the block away by
 * itself when there is room again). Newer servers say 429 to that, older ones 403: the type and the reason tell.
 */
export function isDiskFull({ type, reason }: Cause): boolean {
  return (
    type === 'cluster_block_exception' &&
    /flood-stage|read-only-allow-delete|read-only \/ allow delete/.test(reason ?? '')
  );
}

export const DISK_FULL =
  'The disk of Elasticsearch is too full: nothing is written. Make room; it then goes on by itself within a minute.';

export const diskFullError = (cause?: unknown) => new IndexDiskFullError(DISK_FULL, { cause });

/** A block that is not the disk's: set by a person, or while the cluster has no master. */
export const isBlocked = (cause: Cause): boolean => cause.type === 'cluster_block_exception' && !isDiskFull(cause);

export const blockedError = (cause?: unknown) =>
  new IndexAwayError('Elasticsearch has a block on this node’s index: `kith doctor` says more.', { cause });

/** Whether it is worth trying again after a pause: the server is there and has too much to do. */
export function isBusy(error: unknown): boolean {
  return error instanceof errors.ResponseError && error.statusCode === 429 && !isDiskFull(causeOf(error));
}

export const isStatus = (error: unknown, status: number, type?: string): boolean =>
  error instanceof errors.ResponseError &&
  error.statusCode === status &&
  (type === undefined || causeOf(error).type === type);

/** Any failure of a request as the port's errors. A mistake of our own stays what it is. */
export function elasticsearchError(error: unknown): unknown {
  if (error instanceof errors.ResponseError) {
    const cause = causeOf(error);
    if (isDiskFull(cause)) return diskFullError(error);
    if (isBlocked(cause)) return blockedError(error);
    if (error.statusCode === 401) return new IndexAwayError(REFUSED, { cause: error });
    if (error.statusCode === 403) return new IndexAwayError(NO_RIGHT, { cause: error });
    if (error.statusCode === 400) return error;
    const why = cause.type ?? `status ${error.statusCode}`;
    return new IndexAwayError(`Elasticsearch cannot answer just now (${why}).`, { cause: error });
  }
  // What exactly went wrong stands in the cause: peers are told this message.
  if (error instanceof errors.ElasticsearchClientError)
    return new IndexAwayError(tlsAdvice(error.message) ?? `Elasticsearch is not reached: ${NAMED}.`, { cause: error });
  return error;
}

/** The client keeps no code of these errors, only OpenSSL's and Node's words. */
const TLS_ADVICE: readonly [RegExp, string][] = [
  [
    /does not match certificate/,
    'The certificate of Elasticsearch is for another name: write one that stands in it into KITH_ELASTICSEARCH_URL.',
  ],
  [
    /has expired|not yet valid/,
    'The certificate of Elasticsearch is not valid now: renew it, or set this machine’s clock.',
  ],
  [
    /certificate/,
    'The certificate of Elasticsearch is not trusted: name the authority that signed it in KITH_ELASTICSEARCH_CA_FILE.',
  ],
  [/wrong version number/, 'Elasticsearch has no TLS there: write http:// into KITH_ELASTICSEARCH_URL.'],
];
const tlsAdvice = (message: string) => TLS_ADVICE.find(([words]) => words.test(message))?.[1];

export function causeOf(error: InstanceType<typeof errors.ResponseError>): Cause {
  const { error: cause } = (error.body ?? {}) as { error?: Cause | string };
  return typeof cause === 'object' ? cause : {};
}
