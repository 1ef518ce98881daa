// On its own, without the schemas: threads that index and search load it, and each would hold zod once more.

/** Version of the analyser: answers made with another version are never merged (docs/decisions/0008). */
export const ANALYSER_VERSION = 1;
export const QUERY_MAX_LENGTH = 512;
export const QUERY_MAX_CLAUSES = 16;
export const RESULT_LIMIT_MAX = 100;
/** A peer returns this many candidates for each result asked for, so that the merged order equals a central index's. */
export const CANDIDATES_PER_RESULT = 3;
