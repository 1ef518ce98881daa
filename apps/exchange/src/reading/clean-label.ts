const LABEL_MAX = 300;

/** A name or title as the wire takes it: one line, no control characters, whole surrogate pairs, 300 units at most. */
export function cleanLabel(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line.length <= LABEL_MAX
    ? line
    : line
        .slice(0, LABEL_MAX)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd();
}

/** The last part of a path with `/`, as a document's name. */
export function nameOf(path: string): string {
  return cleanLabel(path.slice(path.lastIndexOf('/') + 1)) || 'unnamed';
}
