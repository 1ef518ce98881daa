/** What a peer may have indexed since it stated its count, which is ten seconds old at most. */
const MORE_DOCUMENTS = 1_000;
const MORE_PART = 0.2;

/**
 * Whether the number of documents in a peer's answer goes with the one that it stated over its own connection. A number
 * that is too high makes every word look rarer than it is, in everybody's order. Fewer do no harm: it may have removed
 * some. Without a statement (a peer that has just been trusted) nothing can be compared.
 */
export function fitsStated(answered: number, stated: number | undefined): boolean {
  return stated === undefined || answered <= stated * (1 + MORE_PART) + MORE_DOCUMENTS;
}
